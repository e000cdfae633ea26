-- Who is who. "derived" tables can be rebuilt from mentions, contacts and judgements; "decision" tables never are.

CREATE TABLE IF NOT EXISTS people (
    person_id VARCHAR NOT NULL, name VARCHAR NOT NULL, title VARCHAR, given VARCHAR, surname VARCHAR, gender VARCHAR,
    role VARCHAR, role_level VARCHAR, company_id VARCHAR, company VARCHAR, org_kind VARCHAR, place VARCHAR,
    previous_company VARCHAR, changed_at TIMESTAMPTZ, known_at TIMESTAMPTZ NOT NULL, first_seen TIMESTAMPTZ NOT NULL,
    last_seen TIMESTAMPTZ NOT NULL, mentions INTEGER NOT NULL);
COMMENT ON TABLE people IS 'One row a person: what the newest mention or contact says of them (derived table).';
COMMENT ON COLUMN people.person_id IS 'Hash of the person''s first mention or contact; never changes. Also the prospect id.';
COMMENT ON COLUMN people.name IS 'Fullest spelling seen, without titles.';
COMMENT ON COLUMN people.title IS 'Academic titles or form of address.';
COMMENT ON COLUMN people.given IS 'Given names.';
COMMENT ON COLUMN people.surname IS 'Surname with particles.';
COMMENT ON COLUMN people.gender IS 'm or f where the form of address or the given name tells; NULL otherwise.';
COMMENT ON COLUMN people.role IS 'Newest role as worded.';
COMMENT ON COLUMN people.role_level IS 'Its level: owner, board, executive, head, specialist, spokesperson, member, unknown.';
COMMENT ON COLUMN people.company_id IS 'Newest organisation (companies.company_id).';
COMMENT ON COLUMN people.company IS 'Its name as worded.';
COMMENT ON COLUMN people.org_kind IS 'Its kind: company, association, public, party, club, media, education, other.';
COMMENT ON COLUMN people.place IS 'Newest town.';
COMMENT ON COLUMN people.previous_company IS 'Organisation before the newest change; NULL when none was seen.';
COMMENT ON COLUMN people.changed_at IS 'When a mention first named the newer organisation.';
COMMENT ON COLUMN people.known_at IS 'When this person was first resolved.';
COMMENT ON COLUMN people.first_seen IS 'Time of the earliest mention or import.';
COMMENT ON COLUMN people.last_seen IS 'Time of the latest mention or import.';
COMMENT ON COLUMN people.mentions IS 'Mentions attached.';

CREATE TABLE IF NOT EXISTS companies (
    company_id VARCHAR NOT NULL, name VARCHAR NOT NULL, legal_form VARCHAR, core VARCHAR NOT NULL, org_kind VARCHAR, town VARCHAR,
    first_seen TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE companies IS 'Organisations: one row a name without legal form, aliases folded; namesakes in several towns are several (derived table).';
COMMENT ON COLUMN companies.company_id IS 'Hash of the core; for a namesake in another town, of core and town.';
COMMENT ON COLUMN companies.name IS 'Fullest name of its first batch, with legal form.';
COMMENT ON COLUMN companies.legal_form IS 'Legal form as worded in the name; NULL when not told.';
COMMENT ON COLUMN companies.core IS 'Folded name without legal form, after the alias table.';
COMMENT ON COLUMN companies.org_kind IS 'company, association, public, party, club, media, education or other.';
COMMENT ON COLUMN companies.town IS 'Town first seen with it.';
COMMENT ON COLUMN companies.first_seen IS 'Time of the earliest mention or import.';

CREATE TABLE IF NOT EXISTS person_mentions (
    mention_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, company_id VARCHAR, score FLOAT, decided_by VARCHAR NOT NULL,
    explanation VARCHAR, resolved_at TIMESTAMPTZ);
COMMENT ON COLUMN person_mentions.resolved_at IS 'When it was resolved: mentions and contacts of one time were resolved together.';
COMMENT ON TABLE person_mentions IS 'Which person each mention is (derived table).';
COMMENT ON COLUMN person_mentions.mention_id IS 'The mention.';
COMMENT ON COLUMN person_mentions.person_id IS 'The person.';
COMMENT ON COLUMN person_mentions.company_id IS 'The organisation it names.';
COMMENT ON COLUMN person_mentions.score IS 'Log-odds of the best pair that ties it to the person; NULL for the first mention of a person.';
COMMENT ON COLUMN person_mentions.decided_by IS 'first, score, exact, judgement or erased; or the means shared with a contact: email, phone, external_id, register_number, website.';
COMMENT ON COLUMN person_mentions.explanation IS 'What the best pair agreed in.';

CREATE TABLE IF NOT EXISTS person_contacts (
    contact_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, score FLOAT, how VARCHAR NOT NULL, resolved_at TIMESTAMPTZ);
COMMENT ON COLUMN person_contacts.resolved_at IS 'When it was resolved: mentions and contacts of one time were resolved together.';
COMMENT ON TABLE person_contacts IS 'Which person each imported contact is (derived table).';
COMMENT ON COLUMN person_contacts.contact_id IS 'The contact.';
COMMENT ON COLUMN person_contacts.person_id IS 'The person.';
COMMENT ON COLUMN person_contacts.score IS 'Log-odds of the best pair; NULL for the first record of a person.';
COMMENT ON COLUMN person_contacts.how IS 'first, score, exact, judgement or erased; or the means by which it met the person: email, phone, external_id, register_number, website.';

CREATE TABLE IF NOT EXISTS person_aliases (old_id VARCHAR NOT NULL, person_id VARCHAR NOT NULL, merged_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE person_aliases IS 'Persons that turned out to be another one; old ids in calls and exports lead on from here.';
COMMENT ON COLUMN person_aliases.old_id IS 'Id that was merged away.';
COMMENT ON COLUMN person_aliases.person_id IS 'Person it is now.';
COMMENT ON COLUMN person_aliases.merged_at IS 'When.';

CREATE TABLE IF NOT EXISTS match_queue (
    pair_id VARCHAR NOT NULL, left_id VARCHAR NOT NULL, right_id VARCHAR NOT NULL, score FLOAT NOT NULL, explanation VARCHAR,
    queued_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE match_queue IS 'Uncertain pairs that wait for a human (derived table); decided pairs stand in judgements.';
COMMENT ON COLUMN match_queue.pair_id IS 'Hash of both record ids.';
COMMENT ON COLUMN match_queue.left_id IS 'A mention or contact.';
COMMENT ON COLUMN match_queue.right_id IS 'Another one, perhaps of the same person.';
COMMENT ON COLUMN match_queue.score IS 'Log-odds that they are one person.';
COMMENT ON COLUMN match_queue.explanation IS 'What they agree in.';
COMMENT ON COLUMN match_queue.queued_at IS 'When the pair was first found uncertain.';

CREATE TABLE IF NOT EXISTS judgements (
    judgement_id BIGINT NOT NULL, pair_id VARCHAR NOT NULL, left_id VARCHAR NOT NULL, right_id VARCHAR NOT NULL,
    verdict VARCHAR NOT NULL, score FLOAT, judged_by VARCHAR, judged_at TIMESTAMPTZ NOT NULL);
COMMENT ON TABLE judgements IS 'What humans decided about pairs (decision table, appended; the newest row of a pair counts).';
COMMENT ON COLUMN judgements.judgement_id IS 'Running number.';
COMMENT ON COLUMN judgements.pair_id IS 'The pair.';
COMMENT ON COLUMN judgements.left_id IS 'A mention or contact.';
COMMENT ON COLUMN judgements.right_id IS 'Another one.';
COMMENT ON COLUMN judgements.verdict IS 'same, not, unsure or undone.';
COMMENT ON COLUMN judgements.score IS 'Score at the time.';
COMMENT ON COLUMN judgements.judged_by IS 'Login name of who decided.';
COMMENT ON COLUMN judgements.judged_at IS 'When.';

CREATE TABLE IF NOT EXISTS identity_profiles (
    profile INTEGER NOT NULL, person UBIGINT NOT NULL, record_id VARCHAR NOT NULL, given1 VARCHAR, given2 VARCHAR, surname1 VARCHAR,
    surname2 VARCHAR, core VARCHAR, tokens VARCHAR, acronym VARCHAR, place VARCHAR, role1 VARCHAR, role2 VARCHAR);
COMMENT ON TABLE identity_profiles IS 'Distinct normalised (name, organisation, town) of known people (derived table).';
COMMENT ON COLUMN identity_profiles.profile IS 'Running number.';
COMMENT ON COLUMN identity_profiles.person IS 'person_id as a number.';
COMMENT ON COLUMN identity_profiles.record_id IS 'First mention or contact that has it.';
COMMENT ON COLUMN identity_profiles.given1 IS 'First given name, folded.';
COMMENT ON COLUMN identity_profiles.given2 IS 'Second given name, folded.';
COMMENT ON COLUMN identity_profiles.surname1 IS 'Surname, folded.';
COMMENT ON COLUMN identity_profiles.surname2 IS 'Second part of a double surname, folded.';
COMMENT ON COLUMN identity_profiles.core IS 'Organisation without legal form, folded.';
COMMENT ON COLUMN identity_profiles.tokens IS 'Its telling words.';
COMMENT ON COLUMN identity_profiles.acronym IS 'Its acronym.';
COMMENT ON COLUMN identity_profiles.place IS 'Town, folded.';
COMMENT ON COLUMN identity_profiles.role1 IS 'First role seen, folded.';
COMMENT ON COLUMN identity_profiles.role2 IS 'Another role seen, folded.';

CREATE TABLE IF NOT EXISTS identity_index (key UINTEGER NOT NULL, profile INTEGER NOT NULL);
COMMENT ON TABLE identity_index IS 'Blocking keys of the profiles (derived table).';
COMMENT ON COLUMN identity_index.key IS '32-bit hash of name, organisation and town parts.';
COMMENT ON COLUMN identity_index.profile IS 'The profile.';

CREATE TABLE IF NOT EXISTS identity_frequencies (kind VARCHAR NOT NULL, word VARCHAR NOT NULL, n INTEGER NOT NULL);
COMMENT ON TABLE identity_frequencies IS 'How many profiles have a word, added up over its rows (derived table).';
COMMENT ON COLUMN identity_frequencies.kind IS 'given, surname, core, token, place or role.';
COMMENT ON COLUMN identity_frequencies.word IS 'The folded word.';
COMMENT ON COLUMN identity_frequencies.n IS 'Profiles to add.';

CREATE TABLE IF NOT EXISTS identity_common_keys (key UINTEGER NOT NULL);
COMMENT ON TABLE identity_common_keys IS 'Blocking keys that too many profiles share: they say too little and are not looked up (derived table).';
COMMENT ON COLUMN identity_common_keys.key IS 'The key.';
