use crate::spec::{Decimal, Param, Range, Spec};
use core::fmt::{Result, Write};

/// Writes `spec` as the JSON that `ABI.md` calls the description.
pub fn describe(spec: &Spec, to: &mut dyn Write) -> Result {
    to.write_str("{\"name\":")?;
    quote(to, spec.name)?;
    field(to, "version", spec.version)?;
    field(
        to,
        "title",
        if spec.title.is_empty() {
            spec.name
        } else {
            spec.title
        },
    )?;
    field(to, "doc", spec.doc)?;
    field(to, "group", spec.group.name())?;
    to.write_str(",\"inputs\":")?;
    list(to, spec.inputs, |to, input| quote(to, input.name()))?;
    to.write_str(",\"params\":")?;
    list(to, spec.params, param)?;
    to.write_str(",\"outputs\":")?;
    list(to, spec.outputs, |to, output| {
        to.write_str("{\"name\":")?;
        quote(to, output.name)?;
        field(to, "unit", output.unit.name())?;
        field(to, "doc", output.doc)?;
        to.write_char('}')
    })?;
    field(to, "memory", spec.memory.name())?;
    field(to, "warmup", spec.warmup)?;
    to.write_char('}')
}

fn param(to: &mut dyn Write, param: &Param) -> Result {
    to.write_str("{\"name\":")?;
    quote(to, param.name)?;
    match param.range {
        Range::Integer { default, min, max } => {
            write!(
                to,
                ",\"default\":{default},\"min\":{min},\"max\":{max},\"integer\":true"
            )?;
        }
        Range::Number { default, min, max } => {
            number(to, "default", default)?;
            number(to, "min", min)?;
            number(to, "max", max)?;
        }
        Range::Choice(choices) => {
            field(to, "default", choices[0])?;
            to.write_str(",\"choices\":")?;
            list(to, choices, |to, choice| quote(to, choice))?;
        }
    }
    if !param.least.is_empty() {
        field(to, "at_least", param.least)?;
    }
    field(to, "doc", param.doc)?;
    to.write_char('}')
}

fn list<T>(to: &mut dyn Write, items: &[T], item: fn(&mut dyn Write, &T) -> Result) -> Result {
    for (i, each) in items.iter().enumerate() {
        to.write_char(if i == 0 { '[' } else { ',' })?;
        item(to, each)?;
    }
    to.write_str(if items.is_empty() { "[]" } else { "]" })
}

fn number(to: &mut dyn Write, name: &str, value: Decimal) -> Result {
    write!(to, ",\"{name}\":{}e{}", value.digits, value.exponent)
}

fn field(to: &mut dyn Write, name: &str, value: &str) -> Result {
    to.write_char(',')?;
    quote(to, name)?;
    to.write_char(':')?;
    quote(to, value)
}

fn quote(to: &mut dyn Write, text: &str) -> Result {
    to.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                to.write_char('\\')?;
                to.write_char(c)?;
            }
            '\0'..='\x1f' => write!(to, "\\u{:04x}", c as u32)?,
            _ => to.write_char(c)?,
        }
    }
    to.write_char('"')
}
