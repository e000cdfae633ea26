-- Everybody whose data came from pages, with the day by which Art. 14 (3) GDPR wants them told: one month after the
-- data were obtained, and at the first communication at the latest.
SELECT p.person_id, p.name, p.role, p.company, f.email, f.phone, o.obtained_at, o.source, o.source_url,
    c.first_call, least(o.obtained_at + INTERVAL 1 MONTH, coalesce(c.first_call, o.obtained_at + INTERVAL 1 MONTH)) AS due_at,
    n.noticed_at, n.how, coalesce(r.state, 'new') AS state
FROM people p
JOIN (SELECT pm.person_id, min(m.seen_at) AS obtained_at, arg_min(coalesce(t.title, m.source), m.seen_at) AS source,
        arg_min(m.page_url, m.seen_at) AS source_url
    FROM person_mentions pm JOIN mentions m USING (mention_id) LEFT JOIN source_titles t ON t.source = m.source GROUP BY pm.person_id) o
    USING (person_id)
LEFT JOIN (SELECT person_id, min(called_at) AS first_call FROM calls GROUP BY person_id) c USING (person_id)
LEFT JOIN (SELECT person_id, min(noticed_at) AS noticed_at, arg_min(how, noticed_at) AS how FROM notices GROUP BY person_id) n USING (person_id)
LEFT JOIN prospects r ON r.prospect_id = p.person_id
LEFT JOIN (SELECT l.company_id, any_value(f.emails[1]) AS email, any_value(f.phones[1]) AS phone
    FROM company_lookups l JOIN company_profiles f USING (website) WHERE l.proven GROUP BY l.company_id) f USING (company_id)
ORDER BY due_at, p.name, p.person_id
