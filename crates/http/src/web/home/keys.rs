//! The keys during a conference, as conferences use them by default.

use maud::{Markup, html};

use crate::web::words::Words;

/// The table.
pub fn part(words: &Words) -> Markup {
    let keys = [
        ("*1", words.key_help),
        ("*3", words.key_roll_call),
        ("*4", words.key_mute_all),
        ("*6", words.key_mute),
        ("*7", words.key_lock),
        ("*8", words.key_admit),
        ("*9", words.key_announce),
    ];
    html! {
        section.card aria-labelledby="keys" {
            h2 #keys { (words.keys) }
            table {
                thead { tr { th scope="col" { (words.key) } th scope="col" { (words.key_does) } } }
                tbody {
                    @for (key, does) in keys {
                        tr { td { kbd dir="ltr" { (key) } } td { (does) } }
                    }
                }
            }
            p.quiet { (words.keys_note) }
        }
    }
}
