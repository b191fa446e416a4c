//! Where users come from: LDIF and CSV import, the sample company, LDAP filters on local data.
