-- Pairs of persons that share a means and one part of their names, at least one of them by an imported contact: reach_pairs.
-- Reads reach_mine, reach_theirs, reach_numbers(person_id, person), reach_box(word), the variable reach_block.

CREATE OR REPLACE TEMP TABLE reach_part AS
SELECT DISTINCT person_id, unnest(list_filter([given1, given2, surname1, surname2, left(surname1, 4)], lambda w: length(w) > 1)) AS part
FROM reach_numbers JOIN identity_profiles USING (person);

-- a number or mailbox that people of several names have (a marriage changes one half of a name only), or that the house gives out, tells the house, not the person
CREATE OR REPLACE TEMP TABLE reach_common AS
SELECT kind, value FROM reach_theirs WHERE contact_id IS NOT NULL 
    GROUP BY kind, value HAVING count(DISTINCT surname) > 1 AND count(DISTINCT given) <> 1
UNION SELECT 'phone', unnest(phones) FROM company_profiles
UNION SELECT kind, value FROM reach_theirs
    WHERE kind = 'email' AND regexp_extract(value, '^[^@._-]+') IN (SELECT word FROM reach_box);

CREATE OR REPLACE TEMP TABLE reach_keyed AS
SELECT t.*, part FROM reach_theirs t JOIN reach_part USING (person_id)
QUALIFY count(*) OVER (PARTITION BY kind, value, part) <= getvariable('reach_block');

CREATE OR REPLACE TEMP TABLE reach_pairs AS
SELECT least(a.person_id, b.person_id) AS one, greatest(a.person_id, b.person_id) AS other, a.kind,
    bool_or(a.kind IN ('email', 'phone', 'external_id') AND (a.kind, a.value) NOT IN (SELECT (kind, value) FROM reach_common)) AS own,
    min(a.value) AS value, list_distinct(list_concat(list(a.contact_id), list(b.contact_id))) AS contacts
FROM (SELECT m.*, part FROM reach_mine m JOIN reach_part USING (person_id)) a JOIN reach_keyed b
    ON a.kind = b.kind AND a.value = b.value AND a.part = b.part AND a.person_id <> b.person_id
    AND (a.contact_id IS NOT NULL OR b.contact_id IS NOT NULL) AND coalesce(a.form = b.form, true)
    AND (len(a.court) = 0 OR len(b.court) = 0 OR list_has_any(a.court, b.court))
GROUP BY ALL ORDER BY ALL;
