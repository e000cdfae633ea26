/* Question 3: where do leads come from? A page counts for the day it was fetched, a person for each source that named
   them in the period, a dial for the source that named the person last before it. A sample is small below 100 dials or
   5 appointments; low and high are the 90 % interval (Wilson) of appointments per dial. */
WITH page AS (
    SELECT source, count(*) AS pages FROM pages WHERE fetched_at >= :begins AND fetched_at < :ends GROUP BY source),
person AS (
    SELECT m.source, count(DISTINCT m.person_id) AS people,
           count(DISTINCT CASE WHEN c.state NOT IN ('unfit', 'suppressed', 'erased') THEN m.person_id END) AS prospects
    FROM mentions m LEFT JOIN contacts c ON c.prospect_id = m.person_id
    WHERE m.seen_at >= :begins AND m.seen_at < :ends GROUP BY m.source),
named AS (SELECT person_id, seen_at, min(source) AS source FROM mentions WHERE person_id IN (SELECT person_id FROM calls)
          GROUP BY person_id, seen_at),
dial AS (
    SELECT coalesce(n.source, CASE WHEN r.person_id IS NOT NULL THEN '(referral)' WHEN c.known_contact THEN '(own contacts)'
                                   ELSE '(unknown)' END) AS source, l.conversation, l.outcome
    FROM (SELECT * FROM calls WHERE local_day BETWEEN :first_day AND :last_day) l
    ASOF LEFT JOIN named n ON n.person_id = l.person_id AND l.called_at >= n.seen_at
    LEFT JOIN (SELECT DISTINCT person_id FROM referrals) r ON r.person_id = l.person_id
    LEFT JOIN contacts c ON c.prospect_id = l.person_id),
dialled AS (
    SELECT source, count(*) AS dials, count(*) FILTER (conversation) AS conversations,
           count(*) FILTER (outcome = 'appointment') AS appointments, count(*) FILTER (outcome = 'sale') AS sales
    FROM dial GROUP BY source),
together AS (
    SELECT coalesce(p.source, q.source, d.source) AS source, coalesce(pages, 0) AS pages, coalesce(people, 0) AS people,
           coalesce(prospects, 0) AS prospects, coalesce(dials, 0) AS dials, coalesce(conversations, 0) AS conversations,
           coalesce(appointments, 0) AS appointments, coalesce(sales, 0) AS sales
    FROM page p FULL JOIN person q ON p.source = q.source FULL JOIN dialled d ON d.source = coalesce(p.source, q.source))
SELECT t.source, coalesce(s.title, t.source) AS title, pages, people, prospects, dials, conversations, appointments, sales,
       dials < 100 OR appointments < 5 AS small_sample,
       CASE WHEN dials > 0 THEN greatest(0, (appointments + 1.35275 - 1.6449 * sqrt(appointments * (dials - appointments)::DOUBLE / dials + 0.6764))
           / (dials + 2.7055))::DECIMAL(9, 5) END AS appointments_per_dial_low,
       CASE WHEN dials > 0 THEN least(1, (appointments + 1.35275 + 1.6449 * sqrt(appointments * (dials - appointments)::DOUBLE / dials + 0.6764))
           / (dials + 2.7055))::DECIMAL(9, 5) END AS appointments_per_dial_high
FROM together t LEFT JOIN (SELECT source, title FROM lead_sources) s ON s.source = t.source
ORDER BY sales DESC, appointments DESC, conversations DESC, dials DESC, prospects DESC, pages DESC, t.source
