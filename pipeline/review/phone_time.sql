/* Question 2: how long on the phone, and was the reserved time kept? Reserved time is counted in quarters of an hour
   from the start of each block; a quarter is kept when a call began in it or was running in it. */
WITH days AS (
    SELECT day, isodow(day) IN :weekdays AND day NOT IN (SELECT * FROM (VALUES :holidays) WHERE col0 IS NOT NULL) AS workday
    FROM (SELECT unnest(generate_series(:first_day, :last_day, INTERVAL 1 DAY))::DATE AS day)),
blocks AS (
    SELECT day, timezone(:zone, day + starts) AS begins, timezone(:zone, day + ends) AS ends
    FROM days JOIN (VALUES :reserved) AS reserved (weekday, starts, ends) ON isodow(day) = weekday WHERE workday),
quarters AS (
    SELECT day, begins, least(begins + INTERVAL 15 MINUTE, ends) AS ends
    FROM (SELECT day, unnest(range(begins, ends, INTERVAL 15 MINUTE)) AS begins, ends FROM blocks)),
log AS (
    SELECT local_day AS day, called_at, minutes,
           called_at + greatest(INTERVAL 1 SECOND, to_seconds(60 * coalesce(minutes, 0)::DOUBLE)) AS ended
    FROM calls WHERE local_day BETWEEN :first_day AND :last_day),
kept AS (
    SELECT q.day, sum(epoch(q.ends) - epoch(q.begins)) / 60 AS reserved_minutes,
           coalesce(sum(epoch(q.ends) - epoch(q.begins)) FILTER (q.kept), 0) / 60 AS kept_minutes
    FROM (SELECT *, EXISTS (SELECT 1 FROM log WHERE log.day = quarters.day AND log.called_at < quarters.ends AND log.ended > quarters.begins)
              OR EXISTS (SELECT 1 FROM log WHERE log.day = quarters.day - 1 AND log.ended > quarters.begins) AS kept
          FROM quarters) q GROUP BY q.day),
spoken AS (
    SELECT day, count(*) AS dials, coalesce(sum(minutes), 0) AS phone_minutes, count(*) FILTER (minutes IS NULL) AS without_minutes,
           count(*) FILTER (EXISTS (SELECT 1 FROM blocks b WHERE b.day = log.day AND log.called_at >= b.begins AND log.called_at < b.ends)) AS dials_reserved
    FROM log GROUP BY day)
SELECT day, workday, coalesce(phone_minutes, 0)::DECIMAL(18, 2) AS phone_minutes, coalesce(without_minutes, 0) AS without_minutes,
       coalesce(reserved_minutes, 0)::BIGINT AS reserved_minutes, coalesce(kept_minutes, 0)::BIGINT AS kept_minutes,
       coalesce(dials, 0) AS dials, coalesce(dials_reserved, 0) AS dials_reserved
FROM days LEFT JOIN kept USING (day) LEFT JOIN spoken USING (day) ORDER BY day
