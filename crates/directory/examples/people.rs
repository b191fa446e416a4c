//! Writes a CSV file of made-up people on standard output, for trying an import of any size:
//! `cargo run --release -p pinward-directory --example people 100000 > people.csv`

use std::io::{self, BufWriter, Write};

fn main() -> io::Result<()> {
    let count: u64 = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1000);
    let mut out = BufWriter::new(io::stdout().lock());
    writeln!(
        out,
        "DisplayName,FirstName,LastName,SamAccountName,UserPrincipalName,SipAddress,LineURI,Enabled,\
         RegistrarPool,Title,Department,City,Office,Company,DistinguishedName"
    )?;
    for number in 0..count {
        let department = ["Finance", "Sales", "Support", "Engineering"][(number % 4) as usize];
        writeln!(
            out,
            "User Number{number},User,Number{number},user{number},user{number}@litwareinc.com,\
             sip:user{number}@litwareinc.com,tel:+1425{:07};ext={},True,atl-cs-001.litwareinc.com,\
             Manager,{department},Redmond,Redmond 1/{},\"Litware, Inc.\",\
             \"CN=User Number{number},OU={department},DC=litwareinc,DC=com\"",
            5_000_000 + number,
            100_000 + number,
            number % 100,
        )?;
    }
    out.flush()
}
