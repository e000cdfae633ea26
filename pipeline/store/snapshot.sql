-- leads.duckdb: what readers see. Written to a new file and renamed over the old one.
-- The working store is attached as `work`; the snapshot is the default database.
CREATE TABLE people AS SELECT p.person_id, p.name, p.title, p.given, p.surname, p.role, p.role_level, p.company_id, p.company,
    p.org_kind, p.place, p.previous_company, p.first_seen, p.last_seen, p.mentions FROM work.people p
    WHERE NOT EXISTS (SELECT 1 FROM work.prospects r WHERE r.prospect_id = p.person_id AND r.state = 'erased');
CREATE TABLE companies AS SELECT c.company_id, c.name, c.legal_form, c.org_kind, c.first_seen, f.street, f.postcode,
    coalesce(f.town, c.town) AS town, f.country, f.phones, f.emails, f.register_court, f.register_number, f.vat_id, l.website,
    f.page_url AS profile_url, f.fetched_at AS profile_at
    FROM work.companies c LEFT JOIN (SELECT company_id, any_value(website) AS website FROM work.company_lookups WHERE proven
    GROUP BY company_id) l USING (company_id) LEFT JOIN work.company_profiles f USING (website);
CREATE TABLE mentions AS SELECT pm.person_id, m.* FROM work.mentions m LEFT JOIN work.person_mentions pm USING (mention_id);
CREATE TABLE events AS SELECT * FROM work.events;
CREATE TABLE event_people AS SELECT e.*, pm.person_id FROM work.event_people e LEFT JOIN work.person_mentions pm USING (mention_id);
CREATE TABLE pages AS SELECT url, final_url, source, kind, status, fetched_at, title, published, language, people, warnings, run_id
    FROM work.pages;
CREATE TABLE calls AS SELECT call_id, person_id, called_at, outcome, minutes, note, next_at, recorded_at, local_time, local_day,
    day_part, conversation FROM work.call_log;
CREATE TABLE referrals AS SELECT referral_id, person_id, referred_by, relation, referred_on, recorded_at FROM work.referrals;
CREATE TABLE suppressions AS SELECT suppression_id, kind, key_hash, reason, created_at FROM work.suppressions;
CREATE TABLE exports AS SELECT * FROM work.exports;
CREATE TABLE runs AS SELECT * FROM work.runs;
CREATE TABLE contacts AS SELECT r.prospect_id, p.name, p.role, p.company, p.place, r.state, r.state_reason, r.score, r.trigger,
    r.reason_day, r.attempts, r.last_called, r.last_outcome, r.next_call, r.known_contact, r.reopened
    FROM work.prospects r JOIN people p ON p.person_id = r.prospect_id;
CREATE TABLE new_prospects AS SELECT r.prospect_id, p.name, p.title, coalesce(m.role, p.role) AS role, p.role_level,
    coalesce(m.company, p.company) AS company, p.company_id, c.town, c.phones[1] AS phone, c.emails[1] AS email, c.website, r.score,
    r.score_parts, r.trigger, r.reason_day, m.evidence, m.page_url AS source_url, m.source, m.published, r.reopened, p.first_seen
    FROM work.prospects r JOIN people p ON p.person_id = r.prospect_id LEFT JOIN companies c USING (company_id)
    LEFT JOIN work.mentions m ON m.mention_id = r.mention_id WHERE r.state IN ('new', 'listed') AND r.attempts = 0 OR r.state = 'new';
CREATE TABLE exhausted_contacts AS SELECT * FROM contacts WHERE state = 'exhausted';
CREATE TABLE callbacks AS SELECT * FROM contacts WHERE state = 'working';
CREATE TABLE lead_sources AS
    WITH per_page AS (SELECT source, count(*) AS pages FROM work.pages GROUP BY source),
    per_mention AS (SELECT m.source, count(DISTINCT pm.person_id) AS people,
        count(DISTINCT CASE WHEN r.state NOT IN ('unfit', 'suppressed', 'erased') THEN r.prospect_id END) AS prospects
        FROM work.mentions m LEFT JOIN work.person_mentions pm USING (mention_id)
        LEFT JOIN work.prospects r ON r.prospect_id = pm.person_id GROUP BY m.source),
    per_call AS (SELECT m.source, count(*) AS dials,
        count(*) FILTER (c.outcome IN ('reached', 'callback', 'not_now', 'not_interested', 'appointment', 'sale')) AS conversations,
        count(*) FILTER (c.outcome = 'appointment') AS appointments, count(*) FILTER (c.outcome = 'sale') AS sales
        FROM work.call_log c JOIN work.prospects r ON r.prospect_id = c.person_id JOIN work.mentions m ON m.mention_id = r.mention_id
        GROUP BY m.source),
    last_visit AS (SELECT source, max(run_id) AS last_run, arg_max(failed, run_id) AS failed, arg_max(note, run_id) AS note
        FROM work.run_sources GROUP BY source)
    SELECT s.source, any_value(t.title) AS title, any_value(t.kind) AS kind, any_value(t.region) AS region,
        coalesce(any_value(p.pages), 0) AS pages, coalesce(any_value(m.people), 0) AS people,
        coalesce(any_value(m.prospects), 0) AS prospects, coalesce(any_value(c.dials), 0) AS dials,
        coalesce(any_value(c.conversations), 0) AS conversations, coalesce(any_value(c.appointments), 0) AS appointments,
        coalesce(any_value(c.sales), 0) AS sales, any_value(v.last_run) AS last_run, any_value(v.failed) AS failed,
        any_value(v.note) AS note
    FROM (SELECT source FROM per_page UNION SELECT source FROM last_visit) s LEFT JOIN work.source_titles t USING (source)
    LEFT JOIN per_page p USING (source) LEFT JOIN per_mention m USING (source) LEFT JOIN per_call c USING (source)
    LEFT JOIN last_visit v USING (source) GROUP BY s.source;

COMMENT ON TABLE people IS 'Everybody whom pages or imported contacts name, one row a person.';
COMMENT ON TABLE companies IS 'Organisations with the data of their Impressum where it was found and proved.';
COMMENT ON TABLE mentions IS 'Every time a page ties a person to an organisation, with the proving sentence.';
COMMENT ON TABLE events IS 'Events that sources announce.';
COMMENT ON TABLE event_people IS 'Who speaks, hosts, organises or takes part.';
COMMENT ON TABLE pages IS 'Pages that were read.';
COMMENT ON TABLE calls IS 'The call log, without undone calls; day and day-part are local to the user.';
COMMENT ON TABLE referrals IS 'Who was recommended by whom.';
COMMENT ON TABLE suppressions IS 'Do-not-call entries, as keyed hashes only.';
COMMENT ON TABLE exports IS 'Ledger of exported lists.';
COMMENT ON TABLE runs IS 'Ledger of nightly runs.';
COMMENT ON TABLE contacts IS 'Everybody known, with state and attempts.';
COMMENT ON TABLE new_prospects IS 'People never called, with a reason to call now.';
COMMENT ON TABLE exhausted_contacts IS 'People given up by the rule of the settings.';
COMMENT ON TABLE callbacks IS 'People being worked on.';
COMMENT ON TABLE lead_sources IS 'Yield per lead source, from pages to sales.';
