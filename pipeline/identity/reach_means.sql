-- By what the people in question can be reached, and who else can be reached by the same: reach_mine, reach_theirs.
-- Reads reach_people(person_id), reach_freemail(host).

CREATE OR REPLACE TEMP MACRO reach_host(address) AS
    nullif(regexp_extract(lower(trim(address)), '^(?:[a-z]+://)?(?:[^/@]*@)?(?:www\.)?([\w.-]+\.[a-z]{2,})', 1), '');
CREATE OR REPLACE TEMP MACRO reach_mailbox(address) AS regexp_replace(lower(trim(address)), '\+[^@]*@', '@');
CREATE OR REPLACE TEMP MACRO reach_upper(entry) AS regexp_replace(upper(entry), 'HR\s+([AB])\b', 'HR\1', 'g');
CREATE OR REPLACE TEMP MACRO reach_register(entry) AS nullif(ltrim(regexp_replace(
    coalesce(nullif(regexp_extract(reach_upper(entry), '(?:HRB|HRA|GNR|PR|VR|FN|CHE)\W{0,3}(?:NR\W{0,3})?(\d[\d .]*)', 1), ''),
             regexp_extract(entry, '\d[\d .]*')), '\D', '', 'g'), '0'), '');
CREATE OR REPLACE TEMP MACRO reach_form(entry) AS nullif(regexp_extract(reach_upper(entry), 'HRB|HRA|GNR|PR|VR|FN|CHE'), '');
-- the words of a court that tell where it is: "Amtsgericht Köln", "Koeln"
CREATE OR REPLACE TEMP MACRO reach_court(entry) AS list_filter(
    string_split_regex(regexp_replace(strip_accents(lower(coalesce(entry, ''))), '([aou])e', '\1', 'g'), '[^a-z]+'),
    lambda w: length(w) > 3 AND w NOT IN ('amtsgericht', 'registergericht', 'registernummer', 'handelsregister', 'landesgericht',
        'handelsgericht', 'firmenbuch', 'nummer', 'abteilung'));

CREATE OR REPLACE TEMP MACRO reach_of_contact(c) AS list_filter([
    {'kind': 'email', 'value': reach_mailbox(c.email), 'form': NULL, 'court': []::VARCHAR[]},
    {'kind': 'phone', 'value': c.phone, 'form': NULL, 'court': []::VARCHAR[]},
    {'kind': 'phone', 'value': nullif(c.mobile, c.phone), 'form': NULL, 'court': []::VARCHAR[]},
    {'kind': 'external_id', 'value': c.source_system || '/' || c.external_id, 'form': NULL, 'court': []::VARCHAR[]},
    {'kind': 'register_number', 'value': reach_register(c.register_number), 'form': reach_form(c.register_number),
        'court': reach_court(c.register_number)},
    {'kind': 'website', 'value': reach_host(c.website), 'form': NULL, 'court': []::VARCHAR[]},
    {'kind': 'website', 'value': nullif(reach_host(c.email), reach_host(c.website)), 'form': NULL, 'court': []::VARCHAR[]}],
    lambda m: m.value IS NOT NULL);
CREATE OR REPLACE TEMP MACRO reach_of_profile(f) AS list_filter(list_concat(
    [{'kind': 'register_number', 'value': reach_register(f.register_number), 'form': reach_form(f.register_number),
        'court': reach_court(f.register_court)},
     {'kind': 'website', 'value': reach_host(f.website), 'form': NULL, 'court': []::VARCHAR[]}],
    list_transform(coalesce(f.phones, []), lambda n: {'kind': 'phone', 'value': n, 'form': NULL::VARCHAR, 'court': []::VARCHAR[]}),
    list_transform(coalesce(f.emails, []), lambda n: {'kind': 'email', 'value': reach_mailbox(n), 'form': NULL::VARCHAR, 'court': []::VARCHAR[]}),
    list_transform(coalesce(f.emails, []), lambda n: {'kind': 'website', 'value': reach_host(n), 'form': NULL::VARCHAR, 'court': []::VARCHAR[]})),
    lambda m: m.value IS NOT NULL);

CREATE OR REPLACE TEMP TABLE reach_mine AS
SELECT person_id, contact_id, unnest(m) FROM (
    SELECT t.person_id, t.contact_id, unnest(reach_of_contact(c)) AS m
    FROM (SELECT * FROM person_contacts SEMI JOIN reach_people USING (person_id)) t JOIN contacts c USING (contact_id)
    UNION ALL
    SELECT p.person_id, NULL, unnest(reach_of_profile(f))
    FROM (SELECT * FROM people SEMI JOIN reach_people USING (person_id)) p
    JOIN company_lookups l ON l.company_id = p.company_id AND l.proven JOIN company_profiles f USING (website))
WHERE m.value NOT IN (SELECT host FROM reach_freemail);

CREATE OR REPLACE TEMP TABLE reach_theirs AS
WITH wanted AS MATERIALIZED (SELECT DISTINCT kind, value, contact_id IS NOT NULL AS imported FROM reach_mine)
SELECT DISTINCT person_id, contact_id, given, surname, unnest(m) FROM (
    SELECT t.person_id, c.contact_id, strip_accents(lower(c.first_name)) AS given, strip_accents(lower(c.last_name)) AS surname,
        unnest(reach_of_contact(c)) AS m
    FROM contacts c JOIN person_contacts t USING (contact_id)
    WHERE c.phone IN (SELECT value FROM wanted WHERE kind = 'phone') OR c.mobile IN (SELECT value FROM wanted WHERE kind = 'phone')
        OR reach_mailbox(c.email) IN (SELECT value FROM wanted WHERE kind = 'email')
        OR reach_host(c.email) IN (SELECT value FROM wanted WHERE kind = 'website')
        OR reach_host(c.website) IN (SELECT value FROM wanted WHERE kind = 'website')
        OR reach_register(c.register_number) IN (SELECT value FROM wanted WHERE kind = 'register_number')
        OR c.source_system || '/' || c.external_id IN (SELECT value FROM wanted WHERE kind = 'external_id')
    UNION ALL
    SELECT p.person_id, NULL, NULL, NULL, unnest(reach_of_profile(f))
    FROM company_profiles f JOIN company_lookups l ON l.website = f.website AND l.proven JOIN people p USING (company_id)
    WHERE list_has_any(list_transform(reach_of_profile(f), lambda m: m.kind || ' ' || m.value),
                       (SELECT coalesce(list(kind || ' ' || value), []) FROM wanted WHERE imported)))
WHERE (m.kind, m.value) IN (SELECT (kind, value) FROM wanted);
