/** The family of an indicator. */
export namespace Group {
  /** drawn over the price */
  export const Overlap = "overlap";
  /** speed and strength of moves */
  export const Momentum = "momentum";
  /** size of moves */
  export const Volatility = "volatility";
  /** what was traded */
  export const Volume = "volume";
  /** the dominant cycle */
  export const Cycle = "cycle";
  /** windows as samples */
  export const Statistic = "statistic";
  /** the prices of a bar as one */
  export const Price = "price";
  /** functions of a series, or of two */
  export const Arithmetic = "arithmetic";
  /** shapes of candles */
  export const Pattern = "pattern";
  /** anything else */
  export const Custom = "custom";
}

/** A column that an indicator reads. */
export namespace Input {
  export const Open = "open";
  export const High = "high";
  export const Low = "low";
  export const Close = "close";
  export const Volume = "volume";
  /** any series, the close unless the caller says otherwise */
  export const Real = "real";
  /** the first of two series, the close unless the caller says otherwise */
  export const Real0 = "real0";
  /** the second of two series, which the caller names */
  export const Real1 = "real1";
  /** a window length for each bar, which the caller names */
  export const Periods = "periods";
  /** when each bar began, in Unix seconds, rising */
  export const Timestamp = "timestamp";
}

/** How an output moves when prices or volumes are scaled. */
export namespace Unit {
  /** doubles when prices double */
  export const Price = "price";
  /** doubles when volumes double */
  export const Volume = "volume";
  /** a part of a hundred, blind to both */
  export const Percent = "percent";
  /** a pure number, blind to both */
  export const Ratio = "ratio";
  /** what to do: below zero sell, above zero buy */
  export const Signal = "signal";
  /** none of these holds */
  export const None = "none";
}

/** How far back a value looks. */
export namespace Memory {
  /** the last warm-up + 1 bars decide a value */
  export const Window = "window";
  /** older bars weigh less and less, never nothing */
  export const Fading = "fading";
  /** a value depends on the first bar for ever */
  export const Running = "running";
}

/**
 * Describes an indicator to those who look for it and to the host that runs
 * it. Every method returns the Spec, so that they can be written in a row.
 * What the names may be is in ../../ABI.md.
 */
export class Spec {
  /** Names in the order of columns and parameters, by which Call finds them. */
  readonly inputs: string[] = [];
  readonly params: string[] = [];
  readonly outputs: string[] = [];

  private head: string; // fields that have one value
  private inputList: string = "";
  private paramList: string = "";
  private outputList: string = "";
  private warmupFormula: string = "0";

  /** The name as in URLs ([a-z][a-z0-9_]*) and a version MAJOR.MINOR.PATCH. */
  constructor(name: string, version: string) {
    this.head = "{" + field("name", name) + "," + field("version", version);
  }

  /** What people call it. */
  title(text: string): Spec {
    this.head += "," + field("title", text);
    return this;
  }

  /** What it measures and how to read it. */
  doc(text: string): Spec {
    this.head += "," + field("doc", text);
    return this;
  }

  /** One of Group. */
  group(group: string): Spec {
    this.head += "," + field("group", group);
    return this;
  }

  /** One of Memory. */
  memory(memory: string): Spec {
    this.head += "," + field("memory", memory);
    return this;
  }

  /**
   * The index of the first bar that can have a value in every output: whole
   * numbers, names of parameters, + - *, parentheses, min(a, b) and max(a, b).
   */
  warmup(formula: string): Spec {
    this.warmupFormula = formula;
    return this;
  }

  /** Reads one of Input. */
  input(name: string): Spec {
    this.inputs.push(name);
    this.inputList = join(this.inputList, quote(name));
    return this;
  }

  /** Takes a whole number from lowest to highest. */
  integer(name: string, byDefault: i32, lowest: i32, highest: i32, doc: string): Spec {
    return this.param(
      name, doc,
      '"default":' + byDefault.toString() + ',"min":' + lowest.toString() + ',"max":' + highest.toString() +
        ',"integer":true',
    );
  }

  /** Takes a number from lowest to highest. */
  number(name: string, byDefault: f64, lowest: f64, highest: f64, doc: string): Spec {
    return this.param(
      name, doc,
      '"default":' + byDefault.toString() + ',"min":' + lowest.toString() + ',"max":' + highest.toString(),
    );
  }

  /** The number before may not be less than the one called name, which comes before it. */
  atLeast(name: string): Spec {
    this.paramList = this.paramList.substring(0, this.paramList.length - 1) + "," + field("at_least", name) + "}";
    return this;
  }

  /** Takes one of choices by name; the first is the default. */
  choice(name: string, choices: string[], doc: string): Spec {
    let list = "";
    for (let i = 0; i < choices.length; i++) list = join(list, quote(choices[i]));
    return this.param(name, doc, field("default", choices[0]) + ',"choices":[' + list + "]");
  }

  /** Fills a column; unit is one of Unit. */
  output(name: string, unit: string, doc: string): Spec {
    this.outputs.push(name);
    this.outputList = join(
      this.outputList,
      "{" + field("name", name) + "," + field("unit", unit) + "," + field("doc", doc) + "}",
    );
    return this;
  }

  private param(name: string, doc: string, range: string): Spec {
    this.params.push(name);
    this.paramList = join(
      this.paramList,
      "{" + field("name", name) + "," + range + "," + field("doc", doc) + "}",
    );
    return this;
  }

  /** The description that the host reads. */
  toString(): string {
    return this.head +
      ',"inputs":[' + this.inputList + '],"params":[' + this.paramList + '],"outputs":[' + this.outputList + "]," +
      field("warmup", this.warmupFormula) + "}";
  }
}

function join(list: string, item: string): string {
  return list.length ? list + "," + item : item;
}

function field(name: string, value: string): string {
  return quote(name) + ":" + quote(value);
}

function quote(text: string): string {
  let quoted = '"';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20) {
      quoted += "\\u00" + (unit < 0x10 ? "0" : "") + unit.toString(16);
    } else {
      if (unit == 0x22 || unit == 0x5c) quoted += "\\";
      quoted += text.charAt(i);
    }
  }
  return quoted + '"';
}
