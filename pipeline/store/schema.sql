-- work.duckdb: what the pipeline remembers. One writer at a time; readers use the published snapshot.
-- "fact" tables are read out of pages and can be rebuilt; "decision" tables are appended to and never derived.

CREATE TABLE IF NOT EXISTS store_meta (key VARCHAR NOT NULL, value VARCHAR NOT NULL);
COMMENT ON TABLE store_meta IS 'Version of the schema and other facts about this store.';
COMMENT ON COLUMN store_meta.key IS 'Name of the fact: schema_version, created_at.';
COMMENT ON COLUMN store_meta.value IS 'Its value as text.';

CREATE TABLE IF NOT EXISTS runs (
    run_id VARCHAR NOT NULL, started_at TIMESTAMPTZ NOT NULL, finished_at TIMESTAMPTZ, status VARCHAR NOT NULL,
    stage VARCHAR NOT NULL, pages BIGINT, people BIGINT, new_prospects BIGINT, failed_sources BIGINT, note VARCHAR);
COMMENT ON TABLE runs IS 'Ledger of nightly runs (decision table: appended, a row is closed when its run ends).';
COMMENT ON COLUMN runs.run_id IS 'Id of the run: its start in UTC, sortable.';
COMMENT ON COLUMN runs.started_at IS 'When the run began.';
COMMENT ON COLUMN runs.finished_at IS 'When the run ended; NULL while it runs or after it was killed.';
COMMENT ON COLUMN runs.status IS 'running, ok, partial (some sources failed), stopped or failed.';
COMMENT ON COLUMN runs.stage IS 'Last stage that was begun; done when its result was published.';
COMMENT ON COLUMN runs.pages IS 'Pages fetched with new content.';
COMMENT ON COLUMN runs.people IS 'Mentions of people read out of them.';
COMMENT ON COLUMN runs.new_prospects IS 'Prospects that were new after the run.';
COMMENT ON COLUMN runs.failed_sources IS 'Sources that did not work in this run.';
COMMENT ON COLUMN runs.note IS 'What went wrong, in words.';

CREATE TABLE IF NOT EXISTS run_sources (
    run_id VARCHAR NOT NULL, source VARCHAR NOT NULL, kind VARCHAR, fetched BIGINT NOT NULL,
    not_modified BIGINT NOT NULL, bytes BIGINT NOT NULL, left_out BIGINT NOT NULL, failed BOOLEAN NOT NULL, note VARCHAR);
COMMENT ON TABLE run_sources IS 'What each lead source gave in each run.';
COMMENT ON COLUMN run_sources.run_id IS 'The run.';
COMMENT ON COLUMN run_sources.source IS 'Name of the lead source.';
COMMENT ON COLUMN run_sources.kind IS 'news, event or company.';
COMMENT ON COLUMN run_sources.fetched IS 'Pages with new content.';
COMMENT ON COLUMN run_sources.not_modified IS 'Pages that had not changed.';
COMMENT ON COLUMN run_sources.bytes IS 'Bytes received.';
COMMENT ON COLUMN run_sources.left_out IS 'Pages left out on purpose (robots.txt, text-and-data-mining reservation, limits).';
COMMENT ON COLUMN run_sources.failed IS 'True when the source did not work.';
COMMENT ON COLUMN run_sources.note IS 'Why pages failed or were left out.';

CREATE TABLE IF NOT EXISTS batches (batch VARCHAR NOT NULL, run_id VARCHAR NOT NULL, pages BIGINT NOT NULL, enriched_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE batches IS 'Page batches that have been enriched; a batch is enriched once (fact table).';
COMMENT ON COLUMN batches.batch IS 'File of the batch, relative to the pages folder.';
COMMENT ON COLUMN batches.run_id IS 'Run that fetched it.';
COMMENT ON COLUMN batches.pages IS 'Pages in it.';
COMMENT ON COLUMN batches.enriched_at IS 'When it was enriched.';

CREATE TABLE IF NOT EXISTS pages (
    url VARCHAR NOT NULL, final_url VARCHAR, source VARCHAR NOT NULL, kind VARCHAR NOT NULL, status INTEGER NOT NULL,
    fetched_at TIMESTAMPTZ NOT NULL, title VARCHAR, published TIMESTAMPTZ, language VARCHAR, people INTEGER NOT NULL,
    content_hash VARCHAR NOT NULL, links VARCHAR[], warnings VARCHAR[], batch VARCHAR NOT NULL, run_id VARCHAR NOT NULL);
COMMENT ON TABLE pages IS 'Pages that were fetched and read, newest version of each address (fact table).';
COMMENT ON COLUMN pages.url IS 'Canonical address.';
COMMENT ON COLUMN pages.final_url IS 'Address where redirects ended.';
COMMENT ON COLUMN pages.source IS 'Lead source that led to the page.';
COMMENT ON COLUMN pages.kind IS 'news, event or company.';
COMMENT ON COLUMN pages.status IS 'HTTP status.';
COMMENT ON COLUMN pages.fetched_at IS 'When this version was fetched.';
COMMENT ON COLUMN pages.title IS 'Title of the article or listing.';
COMMENT ON COLUMN pages.published IS 'When it was published, as the page states.';
COMMENT ON COLUMN pages.language IS 'Language of the text: de, en or another code.';
COMMENT ON COLUMN pages.people IS 'Mentions read out of it.';
COMMENT ON COLUMN pages.content_hash IS 'Hash of the body, to see changes.';
COMMENT ON COLUMN pages.links IS 'Addresses on other hosts that the text links to: candidates for company sites.';
COMMENT ON COLUMN pages.warnings IS 'What could not be read, in words.';
COMMENT ON COLUMN pages.batch IS 'Batch file that holds the body.';
COMMENT ON COLUMN pages.run_id IS 'Run that fetched this version.';

CREATE TABLE IF NOT EXISTS mentions (
    mention_id VARCHAR NOT NULL, page_url VARCHAR NOT NULL, person VARCHAR NOT NULL, role VARCHAR, role_level VARCHAR NOT NULL,
    company VARCHAR NOT NULL, org_kind VARCHAR NOT NULL, place VARCHAR, trigger VARCHAR NOT NULL, trigger_date DATE,
    former BOOLEAN NOT NULL, evidence VARCHAR NOT NULL, section VARCHAR NOT NULL, confidence DOUBLE NOT NULL, title VARCHAR,
    evidence_start INTEGER, evidence_end INTEGER, source VARCHAR NOT NULL, published TIMESTAMPTZ, language VARCHAR,
    seen_at TIMESTAMPTZ NOT NULL, event_id VARCHAR, run_id VARCHAR NOT NULL);
COMMENT ON TABLE mentions IS 'Every time a page ties a named person to an organisation, with the sentence that proves it (fact table).';
COMMENT ON COLUMN mentions.mention_id IS 'Hash of page, person, company and evidence.';
COMMENT ON COLUMN mentions.page_url IS 'Page that says so.';
COMMENT ON COLUMN mentions.person IS 'Name as worded, without titles.';
COMMENT ON COLUMN mentions.role IS 'Role as worded.';
COMMENT ON COLUMN mentions.role_level IS 'owner, board, executive, head, specialist, spokesperson, member or unknown.';
COMMENT ON COLUMN mentions.company IS 'Organisation in its fullest form on the page.';
COMMENT ON COLUMN mentions.org_kind IS 'company, association, public, party, club, media, education or other.';
COMMENT ON COLUMN mentions.place IS 'Town that the text ties to the organisation or person.';
COMMENT ON COLUMN mentions.trigger IS 'News reason: appointment, anniversary, award, speaker, ...';
COMMENT ON COLUMN mentions.trigger_date IS 'Day of the reason where the text gives one.';
COMMENT ON COLUMN mentions.former IS 'True when the text says that the person no longer holds the role.';
COMMENT ON COLUMN mentions.evidence IS 'Verbatim sentence that states the tie.';
COMMENT ON COLUMN mentions.section IS 'Where it stood: body, caption, structured, list or imprint.';
COMMENT ON COLUMN mentions.confidence IS 'Confidence of the reader, 0 to 1.';
COMMENT ON COLUMN mentions.title IS 'Academic title or form of address as worded.';
COMMENT ON COLUMN mentions.evidence_start IS 'Character offset of the evidence in the main text.';
COMMENT ON COLUMN mentions.evidence_end IS 'End offset of the evidence, exclusive.';
COMMENT ON COLUMN mentions.source IS 'Lead source of the page.';
COMMENT ON COLUMN mentions.published IS 'When the page was published.';
COMMENT ON COLUMN mentions.language IS 'Language of the page.';
COMMENT ON COLUMN mentions.seen_at IS 'When the page was fetched.';
COMMENT ON COLUMN mentions.event_id IS 'Event at which the person can be met, if any.';
COMMENT ON COLUMN mentions.run_id IS 'Run that read it.';

CREATE TABLE IF NOT EXISTS events (
    event_id VARCHAR NOT NULL, title VARCHAR NOT NULL, start_at TIMESTAMPTZ, start_day DATE, end_at TIMESTAMPTZ, place VARCHAR,
    url VARCHAR, organizer VARCHAR, source VARCHAR NOT NULL, page_url VARCHAR NOT NULL, first_seen TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL, cancelled BOOLEAN NOT NULL);
COMMENT ON TABLE events IS 'Events that sources announce (fact table).';
COMMENT ON COLUMN events.event_id IS 'Hash of title, start and place.';
COMMENT ON COLUMN events.title IS 'Title as announced.';
COMMENT ON COLUMN events.start_at IS 'Start; NULL when only the day is known.';
COMMENT ON COLUMN events.start_day IS 'Day of the start, local.';
COMMENT ON COLUMN events.end_at IS 'End, if announced.';
COMMENT ON COLUMN events.place IS 'Venue and town.';
COMMENT ON COLUMN events.url IS 'Page of the event.';
COMMENT ON COLUMN events.organizer IS 'Who organises it.';
COMMENT ON COLUMN events.source IS 'Lead source that announces it.';
COMMENT ON COLUMN events.page_url IS 'Page it was read from.';
COMMENT ON COLUMN events.first_seen IS 'First night it was announced.';
COMMENT ON COLUMN events.last_seen IS 'Last night it was announced.';
COMMENT ON COLUMN events.cancelled IS 'True when it was called off or vanished before its day.';

CREATE TABLE IF NOT EXISTS event_people (
    event_id VARCHAR NOT NULL, name VARCHAR NOT NULL, role VARCHAR, company VARCHAR, part VARCHAR NOT NULL, evidence VARCHAR,
    mention_id VARCHAR);
COMMENT ON TABLE event_people IS 'People named at events (fact table); only those with a company become prospects.';
COMMENT ON COLUMN event_people.event_id IS 'The event.';
COMMENT ON COLUMN event_people.name IS 'Name as worded.';
COMMENT ON COLUMN event_people.role IS 'Role as worded.';
COMMENT ON COLUMN event_people.company IS 'Company as worded.';
COMMENT ON COLUMN event_people.part IS 'speaker, host, organizer, contact or attendee.';
COMMENT ON COLUMN event_people.evidence IS 'Words of the page that say so.';
COMMENT ON COLUMN event_people.mention_id IS 'The mention made of it, if the person has a company.';

CREATE TABLE IF NOT EXISTS company_profiles (
    website VARCHAR NOT NULL, company VARCHAR NOT NULL, legal_form VARCHAR, street VARCHAR, postcode VARCHAR, town VARCHAR,
    country VARCHAR, phones VARCHAR[], faxes VARCHAR[], emails VARCHAR[], people JSON, register_court VARCHAR,
    register_number VARCHAR, vat_id VARCHAR, page_url VARCHAR, fetched_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE company_profiles IS 'What company sites say of themselves in their Impressum (fact table), newest per website.';
COMMENT ON COLUMN company_profiles.website IS 'Host of the site, without www.';
COMMENT ON COLUMN company_profiles.company IS 'Name with legal form.';
COMMENT ON COLUMN company_profiles.legal_form IS 'Legal form.';
COMMENT ON COLUMN company_profiles.street IS 'Street and number.';
COMMENT ON COLUMN company_profiles.postcode IS 'Postcode.';
COMMENT ON COLUMN company_profiles.town IS 'Town.';
COMMENT ON COLUMN company_profiles.country IS 'Country, two letters.';
COMMENT ON COLUMN company_profiles.phones IS 'Own phone numbers, E.164, best first.';
COMMENT ON COLUMN company_profiles.faxes IS 'Own fax numbers, E.164.';
COMMENT ON COLUMN company_profiles.emails IS 'Own e-mail addresses.';
COMMENT ON COLUMN company_profiles.people IS 'Owners and directors: name, role, evidence.';
COMMENT ON COLUMN company_profiles.register_court IS 'Court of the commercial register.';
COMMENT ON COLUMN company_profiles.register_number IS 'Register number.';
COMMENT ON COLUMN company_profiles.vat_id IS 'VAT id.';
COMMENT ON COLUMN company_profiles.page_url IS 'Page that states it.';
COMMENT ON COLUMN company_profiles.fetched_at IS 'When it was fetched.';

CREATE TABLE IF NOT EXISTS company_lookups (
    company_id VARCHAR NOT NULL, website VARCHAR, proven BOOLEAN NOT NULL, how VARCHAR NOT NULL, looked_up_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE company_lookups IS 'Which website belongs to which company, proved by its Impressum; also searches that found none (fact table).';
COMMENT ON COLUMN company_lookups.company_id IS 'The company.';
COMMENT ON COLUMN company_lookups.website IS 'Host of the proven site; NULL when none was found.';
COMMENT ON COLUMN company_lookups.proven IS 'True when the Impressum names this company.';
COMMENT ON COLUMN company_lookups.how IS 'How the site was found and proved, in words.';
COMMENT ON COLUMN company_lookups.looked_up_at IS 'When it was looked up; repeated after crawl.company_refresh_days.';

CREATE TABLE IF NOT EXISTS calls (
    call_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, called_at TIMESTAMPTZ NOT NULL, outcome VARCHAR NOT NULL,
    minutes DECIMAL(9, 2), note VARCHAR, next_at TIMESTAMPTZ, import_id VARCHAR, recorded_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE calls IS 'Log of dials and what came of them (decision table).';
COMMENT ON COLUMN calls.call_id IS 'Hash of person, time and outcome.';
COMMENT ON COLUMN calls.person_id IS 'Who was called.';
COMMENT ON COLUMN calls.called_at IS 'When.';
COMMENT ON COLUMN calls.outcome IS 'no_answer, busy, voicemail, gatekeeper, reached, callback, not_now, not_interested, appointment, sale, wrong_number or do_not_call.';
COMMENT ON COLUMN calls.minutes IS 'Length in minutes.';
COMMENT ON COLUMN calls.note IS 'What the rep wrote.';
COMMENT ON COLUMN calls.next_at IS 'When to call again, if agreed.';
COMMENT ON COLUMN calls.import_id IS 'Import it came with; NULL when logged by hand.';
COMMENT ON COLUMN calls.recorded_at IS 'When it was logged.';

CREATE TABLE IF NOT EXISTS exports (
    export_id VARCHAR NOT NULL, list VARCHAR NOT NULL, preset VARCHAR NOT NULL, exported_at TIMESTAMPTZ NOT NULL, file VARCHAR,
    rows BIGINT NOT NULL, run_id VARCHAR);
COMMENT ON TABLE exports IS 'Ledger of exported lists (decision table).';
COMMENT ON COLUMN exports.export_id IS 'Id of the export: run or time, and list.';
COMMENT ON COLUMN exports.list IS 'fresh, callbacks, today (both), exhausted or events.';
COMMENT ON COLUMN exports.preset IS 'Column set that was written.';
COMMENT ON COLUMN exports.exported_at IS 'When.';
COMMENT ON COLUMN exports.file IS 'File that was written.';
COMMENT ON COLUMN exports.rows IS 'Rows in it.';
COMMENT ON COLUMN exports.run_id IS 'Nightly run that wrote it, if any.';

CREATE TABLE IF NOT EXISTS export_rows (
    export_id VARCHAR NOT NULL, rank INTEGER NOT NULL, prospect_id VARCHAR NOT NULL, row JSON NOT NULL, returned_at TIMESTAMPTZ);
COMMENT ON TABLE export_rows IS 'Who stood on which exported list, with the row as it was (decision table).';
COMMENT ON COLUMN export_rows.export_id IS 'The export.';
COMMENT ON COLUMN export_rows.rank IS 'Place on the list, from 1.';
COMMENT ON COLUMN export_rows.prospect_id IS 'The prospect.';
COMMENT ON COLUMN export_rows.row IS 'The row in the default columns, so that every list can be made again.';
COMMENT ON COLUMN export_rows.returned_at IS 'When the row was given back unused; NULL otherwise.';

CREATE TABLE IF NOT EXISTS prospects (
    prospect_id VARCHAR NOT NULL, state VARCHAR NOT NULL, state_reason VARCHAR, score INTEGER NOT NULL, score_parts JSON NOT NULL,
    mention_id VARCHAR, trigger VARCHAR, reason_day DATE, attempts INTEGER NOT NULL, last_called TIMESTAMPTZ, last_outcome VARCHAR,
    next_call TIMESTAMPTZ, known_contact BOOLEAN NOT NULL, reopened BOOLEAN NOT NULL, scored_at TIMESTAMPTZ NOT NULL,
    exhausted_on DATE, due_at TIMESTAMPTZ, reopened_by VARCHAR, referred_by VARCHAR);
COMMENT ON TABLE prospects IS 'State, score and best reason of every person (derived table, made anew by each scoring).';
COMMENT ON COLUMN prospects.prospect_id IS 'The person (people.person_id).';
COMMENT ON COLUMN prospects.state IS 'new, listed, working, appointment, customer, exhausted, suppressed, erased or unfit (no business reason to call).';
COMMENT ON COLUMN prospects.state_reason IS 'Why this state, in words.';
COMMENT ON COLUMN prospects.score IS 'Sum of the score parts.';
COMMENT ON COLUMN prospects.score_parts IS 'The parts: name, points, detail.';
COMMENT ON COLUMN prospects.mention_id IS 'Mention with the best reason to call.';
COMMENT ON COLUMN prospects.trigger IS 'Its trigger.';
COMMENT ON COLUMN prospects.reason_day IS 'Day of the reason: trigger date, else publication.';
COMMENT ON COLUMN prospects.attempts IS 'Dials so far, from the call log and imported contacts.';
COMMENT ON COLUMN prospects.last_called IS 'Last dial.';
COMMENT ON COLUMN prospects.last_outcome IS 'What came of it.';
COMMENT ON COLUMN prospects.next_call IS 'When to call again, if agreed.';
COMMENT ON COLUMN prospects.known_contact IS 'True when an imported contact is this person.';
COMMENT ON COLUMN prospects.reopened IS 'True when a new dated reason brought an exhausted contact back.';
COMMENT ON COLUMN prospects.scored_at IS 'When this was computed.';
COMMENT ON COLUMN prospects.exhausted_on IS 'Local day on which the contact was given up last; NULL when it never was.';
COMMENT ON COLUMN prospects.due_at IS 'From when a person being worked on is due again; NULL when nothing is due.';
COMMENT ON COLUMN prospects.reopened_by IS 'The new dated reason that brought the contact back: trigger and day.';
COMMENT ON COLUMN prospects.referred_by IS 'Person who recommended this one last.';

CREATE TABLE IF NOT EXISTS source_titles (source VARCHAR NOT NULL, title VARCHAR NOT NULL, kind VARCHAR NOT NULL, region VARCHAR);
COMMENT ON TABLE source_titles IS 'Readable titles of the lead sources, as defined at their last visit.';
COMMENT ON COLUMN source_titles.source IS 'Name of the lead source.';
COMMENT ON COLUMN source_titles.title IS 'Title as people say it.';
COMMENT ON COLUMN source_titles.kind IS 'news, event or company.';
COMMENT ON COLUMN source_titles.region IS 'Region it reports on.';
