/* Question 5: how many new people a day? Found: first named by a page that day. Called: first dial ever, also by the
   attempts that imported contacts brought along. */
WITH days AS (
    SELECT unnest(generate_series(:first_day, :last_day, INTERVAL 1 DAY))::DATE AS day),
found AS (
    SELECT timezone(:zone, first_seen)::DATE AS day, count(*) AS found
    FROM people WHERE first_seen >= :begins AND first_seen < :ends GROUP BY 1),
first_dial AS (
    SELECT person_id, min(local_day) AS day, count(*) AS logged FROM calls GROUP BY person_id),
called AS (
    SELECT f.day, count(*) AS called FROM first_dial f LEFT JOIN contacts c ON c.prospect_id = f.person_id
    WHERE f.day BETWEEN :first_day AND :last_day AND coalesce(c.attempts, 0) <= f.logged GROUP BY f.day)
SELECT day, isodow(day) IN :weekdays AND day NOT IN (SELECT * FROM (VALUES :holidays) WHERE col0 IS NOT NULL) AS workday,
       coalesce(found, 0) AS found, coalesce(called, 0) AS called
FROM days LEFT JOIN found USING (day) LEFT JOIN called USING (day) ORDER BY day
