//! Names of people who do not exist.

/// First and last names that go together.
pub(super) struct Names {
    pub first: &'static [&'static str],
    pub last: &'static [&'static str],
    /// The family name is written first, without a blank.
    pub family_first: bool,
}

const fn western(first: &'static [&'static str], last: &'static [&'static str]) -> Names {
    Names {
        first,
        last,
        family_first: false,
    }
}

const ENGLISH: Names = western(
    &[
        "Alice", "Andrew", "Beth", "Brian", "Carol", "Chris", "Dana", "David", "Eleanor", "Eric",
        "Frances", "George", "Grace", "Harold", "Holly", "Ian", "Janet", "Jeff", "Karen", "Kevin",
        "Laura", "Mark", "Nancy", "Oliver", "Paula", "Quentin", "Rachel", "Scott", "Tina",
        "Walter",
    ],
    &[
        "Abbott",
        "Barnes",
        "Bishop",
        "Carter",
        "Chapman",
        "Dawson",
        "Ellison",
        "Fletcher",
        "Grant",
        "Hayward",
        "Ingram",
        "Jennings",
        "Kirby",
        "Lawson",
        "Mercer",
        "Norwood",
        "Osborne",
        "Parrish",
        "Quigley",
        "Ramsey",
        "Sheldon",
        "Smith",
        "Thorne",
        "Underhill",
        "Vaughn",
        "Whitaker",
        "Yates",
    ],
);

const IRISH: Names = western(
    &[
        "Aoife", "Brendan", "Ciarán", "Deirdre", "Eoin", "Fiona", "Gráinne", "Kieran", "Liam",
        "Maeve", "Niamh", "Oisín", "Pádraig", "Róisín", "Seán", "Siobhán", "Tadhg", "Una",
    ],
    &[
        "Brennan",
        "Byrne",
        "Cahill",
        "Doyle",
        "Flynn",
        "Gallagher",
        "Keane",
        "Lynch",
        "McGrath",
        "Nolan",
        "O'Brien",
        "O'Connor",
        "O'Shea",
        "Quinn",
        "Ryan",
        "Sheridan",
        "Tierney",
    ],
);

const FRENCH: Names = western(
    &[
        "Amélie",
        "Benoît",
        "Camille",
        "Chloé",
        "Didier",
        "Élodie",
        "François",
        "Gaëlle",
        "Hélène",
        "Jérôme",
        "Léa",
        "Maëlle",
        "Mathieu",
        "Noémie",
        "Océane",
        "Pascal",
        "Rémi",
        "Solène",
        "Thierry",
        "Zoé",
    ],
    &[
        "Aubert",
        "Beaumont",
        "Chevalier",
        "Delacroix",
        "Dufour",
        "Fontaine",
        "Garnier",
        "Girard",
        "Lefèvre",
        "Lemaître",
        "Marchand",
        "Moreau",
        "Noël",
        "Perrin",
        "Renaud",
        "Rousseau",
        "Saint-Clair",
        "Thévenet",
        "Vasseur",
    ],
);

const GERMAN: Names = western(
    &[
        "Anke",
        "Björn",
        "Dörte",
        "Emil",
        "Friederike",
        "Günther",
        "Heike",
        "Jörg",
        "Käthe",
        "Lothar",
        "Marlene",
        "Niklas",
        "Ruth",
        "Sören",
        "Ulrike",
        "Wolfgang",
    ],
    &[
        "Böhme",
        "Dreßler",
        "Fröhlich",
        "Groß",
        "Hübner",
        "Jäger",
        "Köhler",
        "Lindner",
        "Müller",
        "Neumann",
        "Pfeiffer",
        "Schäfer",
        "Schröder",
        "Vogt",
        "Weiß",
        "Zimmermann",
    ],
);

const SPANISH: Names = western(
    &[
        "Adriana", "Álvaro", "Beatriz", "Carlos", "Elena", "Felipe", "Inés", "Joaquín", "Lucía",
        "Martín", "Nuria", "Óscar", "Pilar", "Raúl", "Sofía", "Tomás", "Ximena",
    ],
    &[
        "Álvarez", "Castro", "Delgado", "Fuentes", "Herrera", "Ibáñez", "Lozano", "Mendoza",
        "Muñoz", "Núñez", "Ortega", "Peña", "Quintana", "Rivera", "Salazar", "Vidal",
    ],
);

const INDIAN: Names = western(
    &[
        "Aarav", "Ananya", "Arjun", "Deepa", "Gauri", "Harish", "Isha", "Kavita", "Lakshmi",
        "Manish", "Nikhil", "Priya", "Rahul", "Sanjay", "Shreya", "Vikram",
    ],
    &[
        "Agarwal",
        "Bhat",
        "Chowdhury",
        "Desai",
        "Gupta",
        "Iyer",
        "Joshi",
        "Kulkarni",
        "Menon",
        "Nair",
        "Patel",
        "Rao",
        "Sharma",
        "Subramaniam",
        "Verma",
    ],
);

const SLAVIC: Names = western(
    &[
        "Agnieszka",
        "Bogdan",
        "Dušan",
        "Ewa",
        "Jiří",
        "Katarzyna",
        "Łukasz",
        "Marek",
        "Nadia",
        "Oksana",
        "Petra",
        "Radek",
        "Světlana",
        "Tomasz",
        "Vesna",
        "Zdeněk",
    ],
    &[
        "Černý",
        "Dvořák",
        "Horvat",
        "Jankowski",
        "Kovačić",
        "Kučera",
        "Lewandowski",
        "Marek",
        "Novák",
        "Petrenko",
        "Šimek",
        "Sokolov",
        "Wójcik",
        "Zieliński",
    ],
);

const AFRICAN: Names = western(
    &[
        "Abena", "Amara", "Chidi", "Fatou", "Ifeoma", "Kofi", "Kwame", "Lindiwe", "Mandla",
        "Ngozi", "Oumar", "Sipho", "Thandiwe", "Yaw", "Zanele",
    ],
    &[
        "Abebe", "Adeyemi", "Boateng", "Diallo", "Dlamini", "Eze", "Kamau", "Mensah", "Mwangi",
        "Ndlovu", "Okafor", "Okonkwo", "Owusu", "Sow", "Traoré",
    ],
);

const ARABIC: Names = western(
    &[
        "Amal", "Bilal", "Dalia", "Farid", "Hanan", "Idris", "Karim", "Layla", "Mona", "Nabil",
        "Rania", "Samir", "Tariq", "Yasmin", "Ziad",
    ],
    &[
        "Abbas", "Al-Fayed", "Bakri", "Darwish", "El-Masri", "Farouk", "Haddad", "Khoury",
        "Mansour", "Nasser", "Rahman", "Saleh", "Taha", "Zidan",
    ],
);

/// Behind `|` the spelling in Latin letters, for logon and address.
const CHINESE: Names = Names {
    first: &[
        "芳|Fang",
        "伟|Wei",
        "静|Jing",
        "敏|Min",
        "磊|Lei",
        "洋|Yang",
        "婷|Ting",
        "浩|Hao",
        "雪|Xue",
        "志强|Zhiqiang",
        "美玲|Meiling",
        "建国|Jianguo",
    ],
    last: &[
        "王|Wang",
        "李|Li",
        "张|Zhang",
        "刘|Liu",
        "陈|Chen",
        "杨|Yang",
        "赵|Zhao",
        "黄|Huang",
        "周|Zhou",
        "吴|Wu",
    ],
    family_first: true,
};

const JAPANESE: Names = Names {
    first: &[
        "健太|Kenta",
        "美咲|Misaki",
        "翔|Sho",
        "陽子|Yoko",
        "大輔|Daisuke",
        "さくら|Sakura",
        "直樹|Naoki",
        "恵|Megumi",
    ],
    last: &[
        "佐藤|Sato",
        "鈴木|Suzuki",
        "高橋|Takahashi",
        "田中|Tanaka",
        "渡辺|Watanabe",
        "山本|Yamamoto",
        "中村|Nakamura",
        "小林|Kobayashi",
    ],
    family_first: true,
};

const KOREAN: Names = Names {
    first: &[
        "민준|Minjun",
        "서연|Seoyeon",
        "지훈|Jihoon",
        "하은|Haeun",
        "도윤|Doyun",
        "수진|Sujin",
    ],
    last: &[
        "김|Kim", "이|Lee", "박|Park", "최|Choi", "정|Jung", "강|Kang",
    ],
    family_first: true,
};

/// Everybody's names; a place has its own in addition.
pub(super) const EVERYWHERE: &[&Names] = &[
    &ENGLISH, &ENGLISH, &ENGLISH, &GERMAN, &SPANISH, &SPANISH, &INDIAN, &INDIAN, &SLAVIC, &AFRICAN,
    &ARABIC, &CHINESE, &JAPANESE, &KOREAN,
];
pub(super) const IN_FRANCE: &[&Names] = &[&FRENCH, &FRENCH, &FRENCH, &AFRICAN, &ARABIC, &GERMAN];
pub(super) const IN_IRELAND: &[&Names] = &[&IRISH, &IRISH, &IRISH, &ENGLISH, &SLAVIC, &INDIAN];

/// A name as it is written, and in Latin letters.
pub(super) fn spellings(name: &'static str) -> (&'static str, &'static str) {
    name.split_once('|').unwrap_or((name, name))
}

/// Lower-case ASCII letters for logon names and addresses: `Müller` → `mueller`, `O'Shea` → `oshea`.
pub(super) fn ascii(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => plain.push(c),
            'ä' => plain.push_str("ae"),
            'ö' => plain.push_str("oe"),
            'ü' => plain.push_str("ue"),
            'ß' => plain.push_str("ss"),
            'á' | 'à' | 'â' => plain.push('a'),
            'č' | 'ć' | 'ç' => plain.push('c'),
            'é' | 'è' | 'ê' | 'ë' | 'ě' => plain.push('e'),
            'í' | 'ì' | 'î' | 'ï' => plain.push('i'),
            'ł' => plain.push('l'),
            'ñ' | 'ń' | 'ň' => plain.push('n'),
            'ó' | 'ò' | 'ô' => plain.push('o'),
            'ř' => plain.push('r'),
            'š' => plain.push('s'),
            'ú' | 'ù' | 'û' => plain.push('u'),
            'ý' => plain.push('y'),
            'ž' => plain.push('z'),
            _ => {}
        }
    }
    plain
}
