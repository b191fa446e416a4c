//! Imports of every size end, and count every row.

use pinward_directory::import::{Reason, RowError};
use pinward_testkit::Kit;

#[tokio::test]
async fn every_number_of_rows_is_imported() {
    let kit = Kit::sample().await;
    let template = kit.person("Pilar Ackerman").await.person;
    for (round, rows) in [0_usize, 1, 999, 1000, 1001, 2000].into_iter().enumerate() {
        let mut people = (0..rows).map(|row| {
            if row % 100 == 99 {
                return Err(RowError {
                    line: row as u64 + 2,
                    reason: Reason::Quotes,
                });
            }
            let mut person = template.clone();
            person.guid = format!("{round:08x}-0000-4000-8000-{row:012x}");
            person.dn = format!("CN=Import {round} {row},OU=Import,DC=litwareinc,DC=com");
            person.sam_account_name = format!("import{round}x{row}");
            person.sip_address = Some(format!("sip:import{round}x{row}@litwareinc.com"));
            person.upn = None;
            person.line_uri = None;
            Ok((row as u64 + 2, person))
        });
        let mut told = 0;
        let report = kit
            .service
            .import_people(&kit.administrator(), &mut people, false, &mut |progress| {
                told = progress.read;
                true
            })
            .await
            .expect("imported");
        assert_eq!(
            (report.refused.len(), told),
            (rows / 100, rows),
            "{rows} rows"
        );
        assert_eq!(report.created, rows - rows / 100, "{rows} rows");
        assert!(!report.interrupted);
    }
}
