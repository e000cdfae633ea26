/* Question 6: who was called again and again and never bought? People dialled in the period, by all their dials until its
   end, without a sale and no customer. A dial without minutes counts as the average dial (:minutes_per_dial minutes when
   none has minutes); a new person costs what people called fewer than five times cost on average. */
WITH log AS (
    SELECT person_id, count(*) AS dials, count(minutes) AS timed, coalesce(sum(minutes), 0) AS minutes, max(local_day) AS last_day
    FROM calls WHERE local_day <= :last_day GROUP BY person_id),
average AS (
    SELECT coalesce(sum(minutes)::DOUBLE / nullif(sum(timed), 0), :minutes_per_dial::DOUBLE) AS minutes FROM log),
spent AS (
    SELECT l.person_id, l.dials, l.last_day, l.minutes + (l.dials - l.timed) * a.minutes AS minutes FROM log l, average a),
fresh AS (
    SELECT coalesce(sum(minutes) FILTER (dials < 5)::DOUBLE / nullif(count(*) FILTER (dials < 5), 0),
                    (SELECT minutes FROM average)) AS minutes FROM spent),
never AS (
    SELECT * FROM spent s WHERE s.dials >= 5 AND s.last_day >= :first_day
    AND NOT EXISTS (SELECT 1 FROM calls k WHERE k.person_id = s.person_id AND k.outcome = 'sale')
    AND NOT EXISTS (SELECT 1 FROM contacts c WHERE c.prospect_id = s.person_id AND c.state = 'customer'))
SELECT g.called, count(n.person_id) AS people, coalesce(sum(n.dials), 0)::BIGINT AS dials,
       (coalesce(sum(n.minutes), 0) / 60)::DECIMAL(18, 2) AS hours,
       coalesce(floor(sum(n.minutes) / nullif(any_value(f.minutes), 0)), 0)::BIGINT AS new_people
FROM (VALUES ('5-9', 5, 9), ('10-14', 10, 14), ('15+', 15, 1000000000)) AS g (called, low, high)
CROSS JOIN fresh f LEFT JOIN never n ON n.dials BETWEEN g.low AND g.high
GROUP BY g.called, g.low ORDER BY g.low
