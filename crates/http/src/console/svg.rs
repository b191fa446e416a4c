//! Pictures of figures, drawn here: bars that are stacked, with a title, a description, and the same figures
//! as a table. Colours come from the style sheet by class, so that a picture needs no style of its own.

use maud::{Markup, html};

const WIDTH: u32 = 720;
const HEIGHT: u32 = 240;
const LEFT: u32 = 56;
const BOTTOM: u32 = 28;
const TOP: u32 = 12;

/// One kind of figures.
pub(super) struct Series {
    /// What it is called.
    pub name: &'static str,
    /// The class that gives it its colour.
    pub class: &'static str,
    /// One figure for each place.
    pub values: Vec<u64>,
}

/// A picture of several series over the same places.
pub(super) struct Chart<'a> {
    /// Tells it from the others of a page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// What the places are called as a whole, such as "Hour (UTC)".
    pub axis: &'a str,
    /// What each place is called.
    pub places: Vec<String>,
    /// The figures.
    pub series: Vec<Series>,
}

impl Chart<'_> {
    /// The picture, its legend and its table.
    pub fn render(&self) -> Markup {
        let (title_id, desc_id) = (format!("{}-title", self.id), format!("{}-desc", self.id));
        html! {
            figure.chart {
                figcaption { (self.title) }
                svg role="img" viewBox={"0 0 " (WIDTH) " " (HEIGHT)} aria-labelledby={(title_id) " " (desc_id)} {
                    title id=(title_id) { (self.title) }
                    desc id=(desc_id) { (self.summary()) " The table below has every figure." }
                    (self.grid())
                    (self.bars())
                    (self.labels())
                }
                ul.legend {
                    @for series in &self.series {
                        li { span class={"swatch " (series.class)} {} (series.name) ": " (series.values.iter().sum::<u64>()) }
                    }
                }
                details {
                    summary { "As a table" }
                    (self.table())
                }
            }
        }
    }

    fn summary(&self) -> String {
        let all: Vec<String> = self
            .series
            .iter()
            .map(|series| format!("{}: {}.", series.name, series.values.iter().sum::<u64>()))
            .collect();
        all.join(" ")
    }

    /// The figure of the top line: the highest bar, rounded up to what is easily read.
    fn top(&self) -> u64 {
        let sums = (0..self.places.len()).map(|place| self.sum(place));
        round_up(sums.max().unwrap_or_default())
    }

    fn sum(&self, place: usize) -> u64 {
        let values = self
            .series
            .iter()
            .filter_map(|series| series.values.get(place));
        values.sum()
    }

    fn grid(&self) -> Markup {
        let top = u128::from(self.top());
        html! {
            @for quarter in 0..=4_u32 {
                @let y = height_of(u64::from(quarter), 4);
                line.grid x1=(LEFT) x2=(WIDTH) y1=(y) y2=(y) {}
                @if (top * u128::from(quarter)).is_multiple_of(4) {
                    text.tick x=(LEFT - 8) y=(y + 4) text-anchor="end" { (top * u128::from(quarter) / 4) }
                }
            }
        }
    }

    fn bars(&self) -> Markup {
        let top = self.top();
        html! {
            @for (place, name) in self.places.iter().enumerate() {
                @let (x, width) = self.place(place);
                g {
                    title { (name) ": " (self.of_place(place)) }
                    @for (y, height, class) in self.stack(place, top) {
                        rect class=(class) x=(x) y=(y) width=(width) height=(height) {}
                    }
                }
            }
        }
    }

    fn of_place(&self, place: usize) -> String {
        let figure = |series: &Series| {
            let value = series.values.get(place).copied().unwrap_or_default();
            format!("{} {value}", series.name)
        };
        self.series
            .iter()
            .map(figure)
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The parts of a bar from below: where they begin, their heights and classes.
    fn stack(&self, place: usize, top: u64) -> Vec<(u32, u32, &'static str)> {
        let mut parts = Vec::new();
        let mut below = 0;
        for series in &self.series {
            let value = series.values.get(place).copied().unwrap_or_default();
            if value > 0 {
                let (from, to) = (height_of(below, top), height_of(below + value, top));
                parts.push((to, from - to, series.class));
            }
            below += value;
        }
        parts
    }

    /// Where a bar stands and how wide it is.
    fn place(&self, place: usize) -> (u32, u32) {
        let count = u32::try_from(self.places.len().max(1)).unwrap_or(u32::MAX);
        let nth = u32::try_from(place).unwrap_or(u32::MAX);
        let room = (WIDTH - LEFT) / count;
        let gap = (room / 6).max(1);
        (LEFT + nth * room + gap, room.saturating_sub(2 * gap).max(1))
    }

    /// So many labels as there is room for.
    fn labels(&self) -> Markup {
        let step = self.places.len().div_ceil(8).max(1);
        html! {
            @for (place, name) in self.places.iter().enumerate().step_by(step) {
                @let (x, width) = self.place(place);
                text.tick x=(x + width / 2) y=(HEIGHT - 8) text-anchor="middle" { (name) }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            div.scroll tabindex="0" role="region" aria-label={(self.title) ", as a table"} {
                table {
                    thead { tr {
                        th scope="col" { (self.axis) }
                        @for series in &self.series { th.number scope="col" { (series.name) } }
                    } }
                    tbody {
                        @for (place, name) in self.places.iter().enumerate() {
                            tr {
                                th scope="row" { (name) }
                                @for series in &self.series {
                                    td.number { (series.values.get(place).copied().unwrap_or_default()) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// How far from the top of the picture a value stands.
fn height_of(value: u64, top: u64) -> u32 {
    let room = u128::from(HEIGHT - TOP - BOTTOM);
    let (value, top) = (u128::from(value.min(top)), u128::from(top));
    let above = room - (value * room).checked_div(top).unwrap_or_default();
    TOP + u32::try_from(above).unwrap_or_default()
}

/// The next number that begins with 1, 2, 4 or 8 and goes on with zeros; at least 4.
fn round_up(value: u64) -> u64 {
    let mut power = 1_u64;
    loop {
        for step in [1, 2, 4, 8] {
            let number = power.saturating_mul(step);
            if number >= value.max(4) {
                return number;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[&[u64]]) -> Chart<'static> {
        let names = ["good", "bad", "worse"];
        Chart {
            id: "test",
            title: "Logons & <more>",
            axis: "Hour",
            places: (0..values[0].len())
                .map(|place| format!("{place}:00"))
                .collect(),
            series: values
                .iter()
                .zip(names)
                .map(|(values, name)| Series {
                    name,
                    class: name,
                    values: values.to_vec(),
                })
                .collect(),
        }
    }

    #[test]
    fn the_top_is_easily_read() {
        for (value, top) in [
            (0, 4),
            (4, 4),
            (5, 8),
            (9, 10),
            (11, 20),
            (81, 100),
            (101, 200),
        ] {
            assert_eq!(round_up(value), top, "{value}");
        }
        assert_eq!(round_up(u64::MAX), u64::MAX);
    }

    #[test]
    fn parts_of_a_bar_stand_upon_each_other_and_stay_in_the_picture() {
        for values in [
            &[&[1, 0, 8][..], &[3, 0, 0]][..],
            &[&[0], &[0]],
            &[&[u64::MAX / 2]],
        ] {
            let chart = chart(values);
            for place in 0..chart.places.len() {
                let mut floor = height_of(0, chart.top());
                assert_eq!(floor, HEIGHT - BOTTOM);
                for (y, height, _) in chart.stack(place, chart.top()) {
                    assert_eq!(y + height, floor);
                    assert!(y >= TOP);
                    floor = y;
                }
                let (x, width) = chart.place(place);
                assert!(x >= LEFT && x + width <= WIDTH);
            }
        }
    }

    #[test]
    fn every_figure_is_in_the_table_and_nothing_is_taken_as_markup() {
        let text = chart(&[&[17, 4], &[23, 99]]).render().into_string();
        for cell in ["17", "4", "23", "99"] {
            assert!(
                text.contains(&format!("<td class=\"number\">{cell}</td>")),
                "{cell}"
            );
        }
        assert!(text.contains("Logons &amp; &lt;more&gt;"));
        assert!(!text.contains("style="));
    }
}
