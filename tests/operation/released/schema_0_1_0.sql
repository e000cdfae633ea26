CREATE TABLE IF NOT EXISTS store_meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    run_id VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, status VARCHAR NOT NULL,
    stage VARCHAR NOT NULL, pages BIGINT, people BIGINT, new_prospects BIGINT, failed_sources BIGINT, note VARCHAR);
CREATE TABLE IF NOT EXISTS run_sources (
    run_id VARCHAR NOT NULL, source VARCHAR NOT NULL, kind VARCHAR, fetched BIGINT NOT NULL,
    not_modified BIGINT NOT NULL, bytes BIGINT NOT NULL, left_out BIGINT NOT NULL, failed BOOLEAN NOT NULL, note VARCHAR);
CREATE TABLE IF NOT EXISTS batches (batch VARCHAR NOT NULL, run_id VARCHAR NOT NULL, pages BIGINT NOT NULL, enriched_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS pages (
    url VARCHAR NOT NULL, final_url VARCHAR, source VARCHAR NOT NULL, kind VARCHAR NOT NULL, status INTEGER NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL, title VARCHAR, published TIMESTAMPTZ, language VARCHAR, people INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL, links VARCHAR[], warnings VARCHAR[], batch VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS mentions (
    mention_id VARCHAR NOT NULL, page_url VARCHAR NOT NULL, person VARCHAR NOT NULL, role VARCHAR, role_level VARCHAR NOT NULL,
    company VARCHAR NOT NULL, org_kind VARCHAR NOT NULL, place VARCHAR, trigger VARCHAR NOT NULL, trigger_date DATE,
    former BOOLEAN NOT NULL, evidence VARCHAR NOT NULL, section VARCHAR NOT NULL, confidence DOUBLE NOT NULL, title VARCHAR,
    evidence_start INTEGER, evidence_end INTEGER, source VARCHAR NOT NULL, published TIMESTAMPTZ, language VARCHAR,
    seen_at TIMESTAMPTZ NOT NULL, event_id VARCHAR, run_id VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS events (
    event_id VARCHAR NOT NULL, title VARCHAR NOT NULL, start_at TIMESTAMPTZ, start_day DATE, end_at TIMESTAMPTZ, place VARCHAR,
    url VARCHAR, organizer VARCHAR, source VARCHAR NOT NULL, page_url VARCHAR NOT NULL, first_seen TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL, cancelled BOOLEAN NOT NULL);
CREATE TABLE IF NOT EXISTS event_people (
    event_id VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR, company VARCHAR, part VARCHAR NOT NULL, evidence VARCHAR,
    mention_id VARCHAR);
CREATE TABLE IF NOT EXISTS company_profiles (
    website VARCHAR NOT NULL, company VARCHAR NOT NULL, legal_form VARCHAR, street VARCHAR, postcode VARCHAR, town VARCHAR,
    country VARCHAR, phones VARCHAR[], faxes VARCHAR[], emails VARCHAR[], people JSON, register_court VARCHAR,
    register_number VARCHAR, vat_id VARCHAR, page_url VARCHAR, fetched_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS company_lookups (
    company_id VARCHAR NOT NULL, website VARCHAR, proven BOOLEAN NOT NULL, how VARCHAR NOT NULL, looked_up_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS calls (
    call_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, called_at TIMESTAMPTZ NOT NULL, outcome VARCHAR NOT NULL,
    minutes DECIMAL(9, 2), note VARCHAR, next_at TIMESTAMPTZ, import_id VARCHAR, recorded_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS exports (
    export_id VARCHAR NOT NULL, list VARCHAR NOT NULL, preset VARCHAR NOT NULL, exported_at TIMESTAMPTZ NOT NULL, file VARCHAR,
    rows BIGINT NOT NULL, run_id VARCHAR);
CREATE TABLE IF NOT EXISTS export_rows (
    export_id VARCHAR NOT NULL, rank INTEGER NOT NULL, prospect_id VARCHAR NOT NULL, row JSON NOT NULL, returned_at TIMESTAMPTZ);
CREATE TABLE IF NOT EXISTS prospects (
    prospect_id VARCHAR NOT NULL, state VARCHAR NOT NULL, state_reason VARCHAR, score INTEGER NOT NULL, score_parts JSON NOT NULL,
    mention_id VARCHAR, trigger VARCHAR, reason_day DATE, attempts INTEGER NOT NULL, last_called TIMESTAMPTZ, last_outcome VARCHAR,
    next_call TIMESTAMPTZ, known_contact BOOLEAN NOT NULL, reopened BOOLEAN NOT NULL, scored_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS source_titles (source VARCHAR NOT NULL, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, region VARCHAR);
CREATE TABLE IF NOT EXISTS people (
    person_id VARCHAR NOT NULL, name VARCHAR NOT NULL, title VARCHAR, given VARCHAR, surname VARCHAR, gender VARCHAR,
    role VARCHAR, role_level VARCHAR, company_id VARCHAR, company VARCHAR, org_kind VARCHAR, place VARCHAR,
    previous_company VARCHAR, changed_at TIMESTAMPTZ, known_at TIMESTAMPTZ NOT NULL, first_seen TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL, mentions INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS companies (
    company_id VARCHAR NOT NULL, name VARCHAR NOT NULL, legal_form VARCHAR, core VARCHAR NOT NULL, org_kind VARCHAR, town VARCHAR,
    first_seen TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS person_mentions (
    mention_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, company_id VARCHAR, score FLOAT, decided_by VARCHAR NOT NULL,
    explanation VARCHAR);
CREATE TABLE IF NOT EXISTS person_contacts (
    contact_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, score FLOAT, how VARCHAR NOT NULL);
CREATE TABLE IF NOT EXISTS person_aliases (old_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, merged_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS match_queue (
    pair_id VARCHAR NOT NULL, left_id VARCHAR NOT NULL, right_id VARCHAR NOT NULL, score FLOAT NOT NULL, explanation VARCHAR,
    queued_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS judgements (
    judgement_id BIGINT NOT NULL, pair_id VARCHAR NOT NULL, left_id VARCHAR NOT NULL, right_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL, score FLOAT, judged_by VARCHAR, judged_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS identity_profiles (
    profile INTEGER NOT NULL, person UBIGINT NOT NULL, record_id VARCHAR NOT NULL, given1 VARCHAR, given2 VARCHAR, surname1 VARCHAR,
    surname2 VARCHAR, core VARCHAR, tokens VARCHAR, acronym VARCHAR, place VARCHAR, role1 VARCHAR, role2 VARCHAR);
CREATE TABLE IF NOT EXISTS identity_index (key UINTEGER NOT NULL, profile INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS identity_frequencies (kind VARCHAR NOT NULL, word VARCHAR NOT NULL, n INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS imports (
    import_id VARCHAR NOT NULL, file_name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, kind VARCHAR NOT NULL, rows BIGINT NOT NULL,
    accepted BIGINT NOT NULL, rejected BIGINT NOT NULL, mapping JSON NOT NULL, imported_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS contacts (
    contact_id VARCHAR NOT NULL, import_id VARCHAR NOT NULL, first_name VARCHAR, last_name VARCHAR, title VARCHAR, person_raw VARCHAR,
    role VARCHAR, company VARCHAR, street VARCHAR, postcode VARCHAR, town VARCHAR, country VARCHAR, phone VARCHAR, mobile VARCHAR,
    email VARCHAR, website VARCHAR, register_number VARCHAR, is_customer BOOLEAN NOT NULL, do_not_call BOOLEAN NOT NULL,
    attempts INTEGER NOT NULL, last_call TIMESTAMPTZ, last_outcome VARCHAR, status_raw VARCHAR, source_system VARCHAR,
    external_id VARCHAR, imported_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS suppressions (
    suppression_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, key_hash VARCHAR NOT NULL, reason VARCHAR, created_at TIMESTAMPTZ NOT NULL);
CREATE TABLE IF NOT EXISTS erasures (key_hash VARCHAR NOT NULL, created_at TIMESTAMPTZ NOT NULL);
