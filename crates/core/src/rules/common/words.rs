//! Words keyed on the letters of the keypad (love = 5683): people are told to do so, and attackers
//! read the same advice. Everyday words for what people hold dear: affection, family, animals,
//! names, months, play, work.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Four letters at least.
const WORDS: &str = "\
    love lover loveme loveyou iloveyou loveu kiss kisses hugs sexy baby babe honey sugar sweet heart \
    sweetie darling angel princess prince queen king beauty pretty smile happy lucky dream hope faith \
    peace life live free freedom forever always never trust truth jesus christ blessed heaven \
    mommy daddy mama papa mother father sister brother family home house wife child girl boys \
    kitty kitten puppy tiger lion horse bunny bear monkey dragon eagle panda dolphin fish bird wolf \
    mike john david maria anna alex chris james peter paul mark nick lisa sarah laura emma julia \
    daniel michael robert thomas andrea nicole jessica ashley amanda jennifer joshua matthew andrew \
    january february march april june july august september october november december \
    monday friday sunday summer winter spring autumn sunshine moon star stars rainbow flower rose \
    football soccer hockey tennis golf baseball player winner champion game games play music guitar \
    dance rock party beer wine cookie cheese pizza coffee apple orange banana cherry candy chocolate \
    money cash gold silver diamond rich bank code pass password passcode secret secure safe lock open \
    enter access admin login user test hello hallo welcome please thanks phone call work boss \
    master super hero magic ninja batman superman spider matrix pokemon legend power black white \
    blue green purple yellow pink";

/// The key that carries a letter.
fn key(letter: u8) -> u8 {
    match letter {
        b'a'..=b'c' => b'2',
        b'd'..=b'f' => b'3',
        b'g'..=b'i' => b'4',
        b'j'..=b'l' => b'5',
        b'm'..=b'o' => b'6',
        b'p'..=b's' => b'7',
        b't'..=b'v' => b'8',
        b'w'..=b'z' => b'9',
        digit => digit,
    }
}

static KEYED: LazyLock<HashSet<Vec<u8>>> = LazyLock::new(|| {
    WORDS
        .split_whitespace()
        .map(|word| word.bytes().map(key).collect())
        .collect()
});

/// Whether the digits spell one of the words.
pub(super) fn is_habit(digits: &[u8]) -> bool {
    KEYED.contains(digits)
}

/// All words as they are keyed, of any length.
pub(super) fn members(take: &mut dyn FnMut(Vec<u8>)) {
    KEYED.iter().for_each(|word| take(word.clone()));
}
