/* Question 1: how many dials a day? One row a day of the period; a workday without a dial is a row too. */
WITH days AS (
    SELECT unnest(generate_series(:first_day, :last_day, INTERVAL 1 DAY))::DATE AS day),
log AS (
    SELECT local_day AS day, count(*) AS dials, count(DISTINCT person_id) AS people,
           count(*) FILTER (conversation) AS conversations, count(*) FILTER (outcome = 'appointment') AS appointments,
           count(*) FILTER (outcome = 'sale') AS sales
    FROM calls WHERE local_day BETWEEN :first_day AND :last_day GROUP BY local_day)
SELECT day, isodow(day) IN :weekdays AND day NOT IN (SELECT * FROM (VALUES :holidays) WHERE col0 IS NOT NULL) AS workday,
       coalesce(dials, 0) AS dials, coalesce(people, 0) AS people, coalesce(conversations, 0) AS conversations,
       coalesce(appointments, 0) AS appointments, coalesce(sales, 0) AS sales
FROM days LEFT JOIN log USING (day) ORDER BY day
