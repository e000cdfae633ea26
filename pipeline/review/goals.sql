/* Question 7: the year's goal down to today. A span needs the year's sales times its share of the year's workdays; sales
   are turned into appointments, conversations and dials by the ratios of opener plan. The gap is what should have been
   done until :today, in proportion to the workdays gone, less what was done: positive is behind. */
WITH days AS (
    SELECT day, isodow(day) IN :weekdays AND day NOT IN (SELECT * FROM (VALUES :holidays) WHERE col0 IS NOT NULL) AS workday
    FROM (SELECT unnest(generate_series(date_trunc('year', :today), date_trunc('year', :today) + INTERVAL 1 YEAR - INTERVAL 1 DAY,
                                        INTERVAL 1 DAY))::DATE AS day)),
spans AS (
    SELECT * FROM (VALUES (1, 'year', date_trunc('year', :today)::DATE, (date_trunc('year', :today) + INTERVAL 1 YEAR)::DATE - 1),
        (2, 'quarter', date_trunc('quarter', :today)::DATE, (date_trunc('quarter', :today) + INTERVAL 3 MONTH)::DATE - 1),
        (3, 'month', date_trunc('month', :today)::DATE, (date_trunc('month', :today) + INTERVAL 1 MONTH)::DATE - 1),
        (4, 'week', greatest(date_trunc('week', :today), date_trunc('year', :today))::DATE,
            least(date_trunc('week', :today)::DATE + 6, (date_trunc('year', :today) + INTERVAL 1 YEAR)::DATE - 1)),
        (5, 'day', :today, :today)) AS s (rank, span, first_day, last_day)),
counted AS (
    SELECT s.rank, s.span, s.first_day, s.last_day, count(*) FILTER (d.workday) AS workdays,
           count(*) FILTER (d.workday AND d.day <= :today) AS workdays_gone,
           (SELECT count(*) FROM days WHERE workday) AS year_workdays
    FROM spans s JOIN days d ON d.day BETWEEN s.first_day AND s.last_day GROUP BY s.rank, s.span, s.first_day, s.last_day),
done AS (
    SELECT s.rank, count(*) AS dials, count(*) FILTER (c.conversation) AS conversations,
           count(*) FILTER (c.outcome = 'appointment') AS appointments, count(*) FILTER (c.outcome = 'sale') AS sales
    FROM spans s JOIN calls c ON c.local_day BETWEEN s.first_day AND least(s.last_day, :today) GROUP BY s.rank),
needed AS (
    SELECT *, :sales_goal::DOUBLE * workdays / nullif(year_workdays, 0) AS need,
           :sales_goal::DOUBLE * workdays_gone / nullif(year_workdays, 0) AS due FROM counted),
ratio AS (SELECT :sales_per_appointment::DOUBLE AS sale, :appointments_per_conversation::DOUBLE AS appointment,
                 :conversations_per_dial::DOUBLE AS conversation)
SELECT n.span, n.first_day, n.last_day, n.workdays, n.workdays_gone, n.need::DECIMAL(18, 2) AS sales_needed,
       ceil(n.need / sale - 1e-9)::BIGINT AS appointments_needed, ceil(n.need / sale / appointment - 1e-9)::BIGINT AS conversations_needed,
       ceil(n.need / sale / appointment / conversation - 1e-9)::BIGINT AS dials_needed,
       coalesce(d.sales, 0) AS sales, coalesce(d.appointments, 0) AS appointments, coalesce(d.conversations, 0) AS conversations,
       coalesce(d.dials, 0) AS dials, (n.due - coalesce(d.sales, 0))::DECIMAL(18, 2) AS sales_gap,
       ceil(n.due / sale - 1e-9)::BIGINT - coalesce(d.appointments, 0) AS appointments_gap,
       ceil(n.due / sale / appointment - 1e-9)::BIGINT - coalesce(d.conversations, 0) AS conversations_gap,
       ceil(n.due / sale / appointment / conversation - 1e-9)::BIGINT - coalesce(d.dials, 0) AS dials_gap
FROM needed n LEFT JOIN done d USING (rank), ratio ORDER BY n.rank
