-- Known contacts, imports, suppressions and erasures: all decision tables.

CREATE TABLE IF NOT EXISTS imports (
    import_id VARCHAR NOT NULL, file_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, kind VARCHAR NOT NULL, rows BIGINT NOT NULL,
    accepted BIGINT NOT NULL, rejected BIGINT NOT NULL, mapping JSON NOT NULL, imported_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE imports IS 'Ledger of imported files (decision table).';
COMMENT ON COLUMN imports.import_id IS 'Hash of kind and content of the file.';
COMMENT ON COLUMN imports.file_name IS 'Its name.';
COMMENT ON COLUMN imports.sha256 IS 'SHA-256 of its content.';
COMMENT ON COLUMN imports.kind IS 'contacts, calls or suppressions.';
COMMENT ON COLUMN imports.rows IS 'Rows in it, without the header.';
COMMENT ON COLUMN imports.accepted IS 'Rows taken.';
COMMENT ON COLUMN imports.rejected IS 'Rows written to the reject file with the reason.';
COMMENT ON COLUMN imports.mapping IS 'Which column was taken for which field, and the format found.';
COMMENT ON COLUMN imports.imported_at IS 'When.';

CREATE TABLE IF NOT EXISTS contacts (
    contact_id VARCHAR NOT NULL, import_id VARCHAR NOT NULL, first_name VARCHAR, last_name VARCHAR, title VARCHAR, person_raw VARCHAR,
    role VARCHAR, company VARCHAR, street VARCHAR, postcode VARCHAR, town VARCHAR, country VARCHAR, phone VARCHAR, mobile VARCHAR,
    email VARCHAR, website VARCHAR, register_number VARCHAR, is_customer BOOLEAN NOT NULL, do_not_call BOOLEAN NOT NULL,
    attempts INTEGER NOT NULL, last_call TIMESTAMPTZ, last_outcome VARCHAR, status_raw VARCHAR, source_system VARCHAR,
    external_id VARCHAR, imported_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE contacts IS 'Contacts as a CRM file gave them (decision table).';
COMMENT ON COLUMN contacts.contact_id IS 'Hash of the raw row.';
COMMENT ON COLUMN contacts.import_id IS 'Import it came with.';
COMMENT ON COLUMN contacts.first_name IS 'Given names.';
COMMENT ON COLUMN contacts.last_name IS 'Surname.';
COMMENT ON COLUMN contacts.title IS 'Title or form of address.';
COMMENT ON COLUMN contacts.person_raw IS 'Name as it is compared: given names and surname.';
COMMENT ON COLUMN contacts.role IS 'Role or position.';
COMMENT ON COLUMN contacts.company IS 'Organisation.';
COMMENT ON COLUMN contacts.street IS 'Street and number.';
COMMENT ON COLUMN contacts.postcode IS 'Postcode.';
COMMENT ON COLUMN contacts.town IS 'Town.';
COMMENT ON COLUMN contacts.country IS 'Country as given.';
COMMENT ON COLUMN contacts.phone IS 'Phone, E.164.';
COMMENT ON COLUMN contacts.mobile IS 'Mobile phone, E.164.';
COMMENT ON COLUMN contacts.email IS 'E-mail, lower case.';
COMMENT ON COLUMN contacts.website IS 'Website.';
COMMENT ON COLUMN contacts.register_number IS 'Commercial register number.';
COMMENT ON COLUMN contacts.is_customer IS 'True for a customer.';
COMMENT ON COLUMN contacts.do_not_call IS 'True when the file forbids calls.';
COMMENT ON COLUMN contacts.attempts IS 'Dials so far.';
COMMENT ON COLUMN contacts.last_call IS 'Last dial.';
COMMENT ON COLUMN contacts.last_outcome IS 'What came of it, in the outcomes of the call log; NULL when not understood.';
COMMENT ON COLUMN contacts.status_raw IS 'Status as worded.';
COMMENT ON COLUMN contacts.source_system IS 'hubspot, pipedrive, salesforce, vicidial, outlook or csv.';
COMMENT ON COLUMN contacts.external_id IS 'Id in that system.';
COMMENT ON COLUMN contacts.imported_at IS 'When.';

CREATE TABLE IF NOT EXISTS suppressions (
    suppression_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, key_hash VARCHAR NOT NULL, reason VARCHAR, created_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE suppressions IS 'Who must not be called, as keyed hashes only (decision table).';
COMMENT ON COLUMN suppressions.suppression_id IS 'Groups the keys of one suppressed entry.';
COMMENT ON COLUMN suppressions.kind IS 'phone, email, person, company or domain.';
COMMENT ON COLUMN suppressions.key_hash IS 'Keyed hash of a normalised spelling; N: and W: in front, of a name pair and a place, to find candidates.';
COMMENT ON COLUMN suppressions.reason IS 'Why.';
COMMENT ON COLUMN suppressions.created_at IS 'When.';

CREATE TABLE IF NOT EXISTS erasures (key_hash VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE erasures IS 'Keyed hashes of erased people, so that they do not come back (decision table).';
COMMENT ON COLUMN erasures.key_hash IS 'Keyed hash of name and organisation or town.';
COMMENT ON COLUMN erasures.created_at IS 'When.';

CREATE TABLE IF NOT EXISTS notices (person_id VARCHAR NOT NULL, noticed_at TIMESTAMPTZ NOT NULL, how VARCHAR NOT NULL);
COMMENT ON TABLE notices IS 'Who has been told where their data came from, Art. 14 GDPR (decision table).';
COMMENT ON COLUMN notices.person_id IS 'The person.';
COMMENT ON COLUMN notices.noticed_at IS 'When they were told.';
COMMENT ON COLUMN notices.how IS 'How: call, mail, letter or other.';
