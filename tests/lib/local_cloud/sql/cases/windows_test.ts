import { cases } from "../judge.ts";

cases("numbering", [
  "SELECT id, ROW_NUMBER() OVER (ORDER BY f, id) AS n FROM numbers",
  "SELECT id, ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) AS n FROM numbers",
  "SELECT id, RANK() OVER (ORDER BY g) AS r, DENSE_RANK() OVER (ORDER BY g) AS d FROM numbers",
  "SELECT id, RANK() OVER (ORDER BY f) AS r FROM numbers",
  "SELECT id, RANK() OVER (ORDER BY f DESC) AS r FROM numbers",
  "SELECT id, PERCENT_RANK() OVER (ORDER BY j) AS p, CUME_DIST() OVER (ORDER BY j) AS c FROM numbers",
  "SELECT id, NTILE(3) OVER (ORDER BY id) AS t, NTILE(100) OVER (PARTITION BY g ORDER BY id) AS u FROM numbers",

  "SELECT k, f, DENSE_RANK() OVER (ORDER BY k DESC NULLS FIRST) AS r FROM rights",
]);

cases("navigation", [
  "SELECT id, LAG(i) OVER (ORDER BY id) AS before, LEAD(i) OVER (ORDER BY id) AS after FROM numbers",
  "SELECT id, LAG(i, 2) OVER (ORDER BY id) AS before, LEAD(i, 2, -1) OVER (ORDER BY id) AS after FROM numbers",
  "SELECT id, LAG(g, 0) OVER (ORDER BY id) AS same, LAG(g, 1, 'none') OVER (PARTITION BY b ORDER BY id) AS x FROM numbers",
  "SELECT id, FIRST_VALUE(i) OVER (ORDER BY id) AS a, LAST_VALUE(i) OVER (ORDER BY id) AS z FROM numbers",
  "SELECT id, FIRST_VALUE(i IGNORE NULLS) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING) AS a FROM numbers",
  "SELECT id, LAST_VALUE(i IGNORE NULLS) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS z FROM numbers",
  "SELECT id, LAST_VALUE(i) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS z FROM numbers",
  "SELECT id, NTH_VALUE(i, 2) OVER (ORDER BY id) AS a, NTH_VALUE(i, 2 IGNORE NULLS) OVER (ORDER BY id DESC) AS b FROM numbers",
  "SELECT id, LAG(s) OVER (ORDER BY id) FROM texts",
  "SELECT id, LEAD(st) OVER (ORDER BY id) FROM nested",
  "SELECT id, PERCENTILE_CONT(j, 0.5) OVER () AS p FROM numbers",
  "SELECT id, PERCENTILE_CONT(f, 0.25) OVER (PARTITION BY g) AS p FROM numbers WHERE id NOT IN (3, 4, 5)",
  "SELECT id, PERCENTILE_CONT(h, 0.9) OVER (PARTITION BY b) AS p FROM numbers WHERE id < 10",
  "SELECT id, PERCENTILE_CONT(h, 0) OVER () AS p, PERCENTILE_CONT(h, 1) OVER () AS q FROM numbers WHERE id < 10",
  "SELECT id, PERCENTILE_DISC(j, 0.5) OVER () AS p, PERCENTILE_DISC(g, 0.3) OVER (PARTITION BY b) AS q FROM numbers",
  "SELECT id, PERCENTILE_DISC(f, 0.6) OVER (PARTITION BY g) AS p FROM numbers WHERE id NOT IN (3, 4, 5)",
  "SELECT DISTINCT g, PERCENTILE_CONT(id, 0.5) OVER (PARTITION BY g) AS median FROM numbers",
]);

cases("aggregates over windows", [
  "SELECT id, COUNT(*) OVER () AS n, COUNT(i) OVER (PARTITION BY g) AS m FROM numbers",
  "SELECT id, SUM(id) OVER (ORDER BY id) AS running FROM numbers",
  "SELECT id, SUM(id) OVER (ORDER BY g) AS peers FROM numbers",
  "SELECT id, SUM(i) OVER (ORDER BY id) AS running FROM numbers",
  "SELECT id, SUM(h) OVER (PARTITION BY g ORDER BY id ROWS 1 PRECEDING) AS pair FROM numbers",
  "SELECT id, SUM(n) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near FROM numbers WHERE id NOT IN (5, 6)",
  "SELECT id, AVG(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS mean FROM numbers",
  "SELECT id, AVG(h) OVER (PARTITION BY g) AS mean FROM numbers",
  "SELECT id, AVG(n) OVER (PARTITION BY g) AS mean FROM numbers",
  "SELECT id, MIN(f) OVER (PARTITION BY g) AS low, MAX(f) OVER (PARTITION BY g) AS high FROM numbers",
  "SELECT id, MIN(i) OVER (ORDER BY id) AS low, MAX(s) OVER () AS high FROM numbers JOIN texts USING (id)",
  "SELECT id, COUNTIF(b) OVER (ORDER BY id) AS n, LOGICAL_OR(b) OVER (PARTITION BY g) AS o, LOGICAL_AND(b) OVER (ORDER BY id DESC) AS a FROM numbers",
  "SELECT id, STRING_AGG(g, '+') OVER (ORDER BY id) AS path FROM numbers",
  "SELECT id, STRING_AGG(g) OVER (PARTITION BY b ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS path FROM numbers",
  "SELECT id, ARRAY_AGG(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS pair FROM numbers",
  "SELECT id, ARRAY_AGG(i IGNORE NULLS) OVER (ORDER BY id) AS seen FROM numbers",
  "SELECT id, ARRAY_AGG(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS none FROM numbers",
  "SELECT id, COUNT(DISTINCT g) OVER () AS n FROM numbers",
  "SELECT id, COUNT(DISTINCT g) OVER (PARTITION BY b) AS n, SUM(DISTINCT j) OVER (PARTITION BY g) AS s FROM numbers",
  "SELECT id, STDDEV(j) OVER (PARTITION BY g) AS sd, VAR_POP(j) OVER () AS v FROM numbers",
  "SELECT id, CORR(j, h) OVER () AS c FROM numbers WHERE id < 10",
  "SELECT id, ANY_VALUE(g) OVER (PARTITION BY g) AS g FROM numbers",
  "SELECT id, BIT_OR(id) OVER (ORDER BY id) AS bits FROM numbers",
  "SELECT id, SUM(id) OVER (ORDER BY id) / SUM(id) OVER () AS share FROM numbers",
  "SELECT g, SUM(SUM(id)) OVER (ORDER BY g) AS running FROM numbers GROUP BY g",
  "SELECT g, COUNT(*) AS n, RANK() OVER (ORDER BY COUNT(*) DESC) AS r FROM numbers GROUP BY g",
]);

cases("frames", [
  "SELECT id, COUNT(*) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS n FROM numbers",
  "SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS n FROM numbers",
  "SELECT id, SUM(id) OVER (ORDER BY id ROWS BETWEEN 3 PRECEDING AND 2 PRECEDING) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY j RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY f RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY j RANGE BETWEEN 2 PRECEDING AND 3 FOLLOWING) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY j DESC RANGE BETWEEN 2 PRECEDING AND 3 FOLLOWING) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY j RANGE BETWEEN 3 PRECEDING AND 1 PRECEDING) AS n FROM numbers",
  "SELECT id, SUM(id) OVER (PARTITION BY g ORDER BY h RANGE BETWEEN 1.5 PRECEDING AND CURRENT ROW) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER (ORDER BY i RANGE BETWEEN 10 PRECEDING AND CURRENT ROW) AS n FROM numbers",
  "SELECT id, COUNT(*) OVER w AS n, MAX(i) OVER (w ROWS 1 PRECEDING) AS m FROM numbers WINDOW w AS (PARTITION BY g ORDER BY id)",
]);

cases("QUALIFY", [
  "SELECT id, g FROM numbers WHERE TRUE QUALIFY ROW_NUMBER() OVER (PARTITION BY g ORDER BY id DESC) = 1",
  "SELECT id FROM numbers WHERE i IS NOT NULL QUALIFY RANK() OVER (ORDER BY f) <= 3 ORDER BY id",
  "SELECT g, COUNT(*) AS n FROM numbers GROUP BY g HAVING n > 0 QUALIFY RANK() OVER (ORDER BY n DESC) = 1",
  "SELECT id, r FROM (SELECT id, ROW_NUMBER() OVER (PARTITION BY b ORDER BY id) AS r FROM numbers) WHERE r <= 2",
]);

cases("windows over events", [
  "SELECT user_pseudo_id, event_name, ROW_NUMBER() OVER (PARTITION BY user_pseudo_id ORDER BY event_timestamp, event_name) AS step FROM events",
  "SELECT event_name, event_timestamp - LAG(event_timestamp) OVER (PARTITION BY user_pseudo_id ORDER BY event_timestamp, event_name) AS gap FROM events",
  "SELECT user_pseudo_id, STRING_AGG(event_name, '>') OVER (PARTITION BY user_pseudo_id ORDER BY event_timestamp, event_name) AS path FROM events",
  "SELECT user_pseudo_id, SUM(IFNULL(ecommerce.purchase_revenue, 0)) OVER (PARTITION BY user_pseudo_id ORDER BY event_timestamp, event_name) AS spent FROM events",
]);
