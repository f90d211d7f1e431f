//! Lines of least squares through the last points of a path.

/// What there is to know of points (x, y) for the line through them: how many
/// they are, their means, and the sums of the products of their distances from
/// those, as Welford keeps them. There are no sums of squares, whose difference
/// has no digits left where prices are large beside their moves.
#[derive(Clone, Copy, Default)]
pub struct Line {
    n: f64,
    x: f64,
    y: f64,
    xx: f64,
    xy: f64,
    yy: f64,
}

/// How many numbers a line is kept as.
const PARTS: usize = 6;

impl Line {
    fn parts(&self) -> [f64; PARTS] {
        [self.n, self.x, self.y, self.xx, self.xy, self.yy]
    }

    fn of(parts: &[f64]) -> Line {
        let [n, x, y, xx, xy, yy] = *parts else {
            panic!("a line has {PARTS} parts");
        };
        Line {
            n,
            x,
            y,
            xx,
            xy,
            yy,
        }
    }

    fn add(&mut self, x: f64, y: f64) {
        self.n += 1.0;
        let (dx, dy) = (x - self.x, y - self.y);
        self.x += dx / self.n;
        self.y += dy / self.n;
        self.xx += dx * (x - self.x);
        self.xy += dx * (y - self.y);
        self.yy += dy * (y - self.y);
    }

    /// The line through the points of both, as Chan, Golub and LeVeque join
    /// variances.
    fn join(&self, other: &Line) -> Line {
        let n = self.n + other.n;
        let part = other.n / n;
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        let weight = self.n * part;
        Line {
            n,
            x: self.x + dx * part,
            y: self.y + dy * part,
            xx: self.xx + other.xx + dx * dx * weight,
            xy: self.xy + other.xy + dx * dy * weight,
            yy: self.yy + other.yy + dy * dy * weight,
        }
    }

    /// How much y rises with x; none where x does not move.
    pub fn slope(&self) -> Option<f64> {
        (self.xx > 0.0).then(|| self.xy / self.xx)
    }

    /// How far a point is above the line of a slope through the means.
    pub fn above(&self, slope: f64, x: f64, y: f64) -> f64 {
        (y - self.y) - slope * (x - self.x)
    }

    /// How far the points usually are from the line: the root of the mean square
    /// of their distances, two of them spent on the line itself. Where it explains
    /// all but a millionth of a millionth, what is left is rounding's: 0.
    pub fn deviation(&self, slope: f64) -> f64 {
        let left = self.yy - slope * self.xy;
        if left > 1e-12 * self.yy {
            (left / (self.n - 2.0)).sqrt()
        } else {
            0.0
        }
    }
}

/// The line through the last points. They are counted off in blocks, so a window
/// spans at most two: the rest of the block before, and this block as far as it
/// has come. A point takes a few steps however many the window has, and leaves
/// nothing behind when it has left.
pub struct Window<'a> {
    size: usize,
    /// This block, of which so many points have come.
    x: &'a mut [f64],
    y: &'a mut [f64],
    come: usize,
    /// Through them.
    now: Line,
    /// Through the block before, from each place on: the parts of each line.
    rests: &'a mut [f64],
    /// Points that the window lacks.
    lacks: usize,
}

impl<'a> Window<'a> {
    /// `room` makes room for so many numbers, all 0.
    pub fn new(size: usize, mut room: impl FnMut(usize) -> &'a mut [f64]) -> Window<'a> {
        Window {
            size,
            x: room(size),
            y: room(size),
            come: 0,
            now: Line::default(),
            rests: room(PARTS * (size + 1)),
            lacks: size,
        }
    }

    fn rest(&mut self, i: usize) -> &mut [f64] {
        &mut self.rests[PARTS * i..PARTS * (i + 1)]
    }

    /// Takes the next point; gives the line, if there are enough.
    pub fn add(&mut self, x: f64, y: f64) -> Option<Line> {
        if self.come == self.size {
            let mut rest = Line::default();
            for i in (1..self.size).rev() {
                rest.add(self.x[i], self.y[i]);
                self.rest(i).copy_from_slice(&rest.parts());
            }
            self.come = 0;
            self.now = Line::default();
        }
        self.now.add(x, y);
        (self.x[self.come], self.y[self.come]) = (x, y);
        self.come += 1;
        self.lacks = self.lacks.saturating_sub(1);
        let (now, come) = (self.now, self.come);
        (self.lacks == 0).then(|| Line::of(self.rest(come)).join(&now))
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.come = 0;
        self.now = Line::default();
        self.lacks = self.size; // and before they have come, no rest is asked for
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(count: usize) -> &'static mut [f64] {
        Box::leak(vec![0.0; count].into())
    }

    fn last(points: &[(f64, f64)], size: usize) -> Line {
        let mut window = Window::new(size, room);
        points
            .iter()
            .fold(None, |_, &(x, y)| window.add(x, y))
            .expect("a line")
    }

    #[test]
    fn a_line_goes_through_the_last_points_alone() {
        // A wild beginning, then y = 3x - 1 with 1, -2, 1 added: a slope of 3 still.
        let mut points = vec![(1e9, -1e12), (-7.0, 5e11)];
        points.extend([(1.0, 3.0), (2.0, 3.0), (3.0, 9.0)]);
        let line = last(&points, 3);
        let slope = line.slope().unwrap();
        assert!((slope - 3.0).abs() < 1e-12, "{slope}");
        assert!((line.above(slope, 3.0, 9.0) - 1.0).abs() < 1e-12);
        // 1 + 4 + 1 over 3 - 2
        assert!((line.deviation(slope) - 6f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn prices_may_be_large_beside_their_moves() {
        let points: Vec<_> = (0..50)
            .map(|i| (f64::from(i % 7), f64::from(2 * (i % 7) + i % 2)))
            .collect();
        let far: Vec<_> = points.iter().map(|p| (p.0 + 1e6, p.1 + 1e6)).collect();
        let (near, far) = (last(&points, 20), last(&far, 20));
        let (slope, again) = (near.slope().unwrap(), far.slope().unwrap());
        assert!(
            (slope - again).abs() < 1e-9,
            "{slope}, and {again} far away"
        );
        let (usual, again) = (near.deviation(slope), far.deviation(again));
        assert!(
            (usual - again).abs() < 1e-9,
            "{usual}, and {again} far away"
        );
    }

    #[test]
    fn an_exact_fit_leaves_nothing() {
        let points: Vec<_> = (0..20)
            .map(|i| (f64::from(i), 0.1 * f64::from(i)))
            .collect();
        let line = last(&points, 10);
        assert_eq!(line.deviation(line.slope().unwrap()), 0.0);
    }

    #[test]
    fn what_does_not_move_has_no_slope() {
        let points: Vec<_> = (0..20).map(|i| (0.1, f64::from(i))).collect();
        assert!(last(&points, 10).slope().is_none());
    }

    #[test]
    fn a_window_begins_when_it_is_full_and_after_it_was_cleared() {
        let mut window = Window::new(3, room);
        for _ in 0..2 {
            for i in 0..9 {
                assert_eq!(window.add(f64::from(i), 0.0).is_some(), i >= 2);
            }
            window.clear();
        }
    }
}
