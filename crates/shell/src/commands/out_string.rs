//! `Out-String` and `Out-File`

use super::output::{ENCODING, TextFile};
use super::support::{INPUT, count, input, refuse};
use crate::format::{Formatter, Layout};
use crate::{Args, CmdletDef, Command, Cx, Flow, Held, Param, Stop};

const WIDTH: Param = Param::uint32("Width")
    .range(2, 10_000)
    .help("The longest line.");

const STRING: &[Param] = &[
    Param::switch("Stream").help("Puts out each line as it is made instead of one text."),
    WIDTH,
    Param::switch("NoNewline").help("Puts the lines together without line ends."),
    INPUT,
];

pub(super) fn string() -> CmdletDef {
    CmdletDef::new("Out-String", OutString::default)
        .synopsis("Lays out objects and puts out the text.")
        .params(STRING)
        .example(
            "Get-CsPinPolicy | Out-String -Width 200",
            "The text that would be shown.",
        )
        .inputs("Any object.")
}

/// The layout that `-Width` and the terminal ask for. The text may go anywhere: nothing is hidden.
fn layout(cx: &mut Cx, args: &Args) -> Layout {
    let mut layout = Layout {
        guard: false,
        ..Layout::of(cx.host().width()).in_locale(cx.locale())
    };
    if let Some(width) = count(args, "Width") {
        layout = layout.with_width(width);
    }
    layout
}

#[derive(Default)]
struct OutString {
    formatter: Option<Formatter>,
    text: String,
}

impl OutString {
    fn run(
        &mut self,
        cx: &mut Cx,
        args: &Args,
        work: impl FnOnce(&mut Formatter, &mut crate::format::Lines) -> Flow,
    ) -> Flow {
        let layout = layout(cx, args);
        let formatter = self.formatter.get_or_insert_with(|| Formatter::new(layout));
        if args.switch("Stream") {
            return work(formatter, &mut |line| cx.emit(line));
        }
        let most = cx.limits().text_bytes;
        let end = if args.switch("NoNewline") { "" } else { "\n" };
        let text = &mut self.text;
        let mut full = false;
        let flow = work(formatter, &mut |line| {
            if text.len() + line.len() > most {
                full = true;
                return Err(Stop::Cancelled);
            }
            text.push_str(line);
            text.push_str(end);
            Ok(())
        });
        if full {
            return Err(refuse(cx, "the text becomes too long; use -Stream"));
        }
        flow
    }
}

impl Command for OutString {
    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let value = input(args);
        self.run(cx, args, |formatter, out| formatter.push(&value, out))
    }

    fn held(&self, _: &Args) -> Held {
        Held::PassedOn
    }

    fn end(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        self.run(cx, args, Formatter::finish)?;
        if args.switch("Stream") {
            return Ok(());
        }
        let text = std::mem::take(&mut self.text);
        cx.let_go(text)
    }
}

const FILE: &[Param] = &[
    Param::string("FilePath")
        .alias(&["Path", "LiteralPath"])
        .required()
        .at(1)
        .help("The file."),
    Param::switch("Append").help("Adds to the file."),
    Param::switch("NoClobber")
        .alias(&["NoOverwrite"])
        .help("Refuses to replace a file."),
    Param::switch("Force").help("Accepted."),
    WIDTH,
    ENCODING,
    INPUT,
];

pub(super) fn file() -> CmdletDef {
    CmdletDef::new("Out-File", || OutFile(None))
        .synopsis("Lays out objects and writes the text to a file.")
        .params(FILE)
        .example(
            "Get-CsPinPolicy | Out-File policies.txt",
            "Writes what would be shown.",
        )
        .inputs("Any object.")
}

struct OutFile(Option<TextFile>);

impl Command for OutFile {
    fn begin(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        let layout = layout(cx, args);
        self.0 = Some(TextFile::open(cx, args, args.text("FilePath"), layout)?);
        Ok(())
    }

    fn process(&mut self, cx: &mut Cx, args: &Args) -> Flow {
        match &mut self.0 {
            Some(file) => file.push(cx, &input(args)),
            None => Ok(()),
        }
    }

    fn held(&self, _: &Args) -> Held {
        Held::Written
    }

    fn stopped(&mut self, _: &mut Cx, _: &Args, _: &Stop) {
        self.0 = self.0.take().filter(TextFile::has_anything);
    }

    fn end(&mut self, cx: &mut Cx, _: &Args) -> Flow {
        self.0.take().map_or(Ok(()), |file| file.finish(cx))
    }
}
