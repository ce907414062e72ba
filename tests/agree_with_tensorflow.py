"""Holds exported models against stock TensorFlow, by hand: pip install tensorflow-cpu

  deno task retrain && eval "$(deno task local-cloud --status)"
  python tests/agree_with_tensorflow.py

Exports user_clusters and product_affinity, loads the files with TensorFlow, and asks both sides
about 10 000 random instances, NULLs among them: the local cloud by ML.PREDICT and ML.RECOMMEND,
TensorFlow by the signature serving_default. Ends with 1 where they differ by more than 1e-6.
"""

import json
import os
import sys
import tempfile
import urllib.parse
import urllib.request

import numpy as np
import tensorflow as tf

CLOUD = os.environ["BIGQUERY_EMULATOR_HOST"]
PROJECT = os.environ.get("GOOGLE_CLOUD_PROJECT", "local-cloud")
DATASET = "ecommerce_public"
BUCKET = "agree-with-tensorflow"
ASKED = "agree_with_tensorflow"
INSTANCES = 10_000
TOLERANCE = 1e-6
rng = np.random.default_rng(1)


def call(path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(CLOUD + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def query(sql):
    """Rows as lists of what REST gives: numbers as text, NULL as None, arrays as lists."""
    plain = lambda value: (
        [plain(each["v"]) for each in value] if isinstance(value, list)
        else [plain(each["v"]) for each in value["f"]] if isinstance(value, dict)
        else value
    )
    body = {"query": sql, "useLegacySql": False, "maxResults": 100_000}
    answer = json.loads(call(f"/bigquery/v2/projects/{PROJECT}/queries", body))
    assert "pageToken" not in answer, "more rows than fit in one page"
    return [plain(row) for row in answer.get("rows", [])]


def load_exported(model):
    """The model's signature, as TensorFlow loads it from the exported files."""
    query(f"EXPORT MODEL {DATASET}.{model} OPTIONS (uri = 'gs://{BUCKET}/{model}')")
    objects = json.loads(call(f"/storage/v1/b/{BUCKET}/o?prefix={model}/"))["items"]
    folder = tempfile.mkdtemp()
    for name in (each["name"] for each in objects):
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        quoted = urllib.parse.quote(name, safe="")
        with open(path, "wb") as file:
            file.write(call(f"/storage/v1/b/{BUCKET}/o/{quoted}?alt=media"))
    loaded = tf.saved_model.load(os.path.join(folder, model))
    return loaded, loaded.signatures["serving_default"]


def random_rows(features):
    """Numbers around the training's, far outside it, and NULLs."""
    columns = {}
    for name, mean, stddev in features:
        values = np.abs(rng.normal(float(mean), 4 * float(stddev), INSTANCES)).round(3)
        columns[name] = np.where(rng.random(INSTANCES) < 0.2, np.nan, values)
    return columns


def insert(columns):
    """Makes the table ASKED of the columns and the row number i."""
    tables = f"/bigquery/v2/projects/{PROJECT}/datasets/{DATASET}/tables"
    query(f"DROP TABLE IF EXISTS {DATASET}.{ASKED}")
    fields = [{"name": "i", "type": "INT64"}]
    fields += [{"name": name, "type": "FLOAT64"} for name in columns]
    reference = {"projectId": PROJECT, "datasetId": DATASET, "tableId": ASKED}
    call(tables, {"tableReference": reference, "schema": {"fields": fields}})
    rows = [
        {"json": {"i": i} | {n: None if np.isnan(c[i]) else float(c[i]) for n, c in columns.items()}}
        for i in range(INSTANCES)
    ]
    for start in range(0, INSTANCES, 2_000):
        answer = json.loads(call(f"{tables}/{ASKED}/insertAll", {"rows": rows[start:start + 2_000]}))
        assert "insertErrors" not in answer, answer


def relative(ours, theirs):
    return np.max(np.abs(ours - theirs) / np.maximum(np.abs(theirs), 1e-300))


def judge_clusters(model="user_clusters"):
    features = query(f"SELECT input, mean, stddev FROM ML.FEATURE_INFO(MODEL {DATASET}.{model})")
    columns = random_rows(features)
    insert(columns)
    rows = query(f"""SELECT centroid_id, ARRAY(
        SELECT distance FROM UNNEST(nearest_centroids_distance) ORDER BY centroid_id)
      FROM ML.PREDICT(MODEL {DATASET}.{model}, TABLE {DATASET}.{ASKED}) ORDER BY i""")
    _loaded, signature = load_exported(model)
    answer = signature(**{n: tf.constant(c, tf.float64) for n, c in columns.items()})
    nearest = np.array([int(row[0]) for row in rows])
    distances = np.array([[float(each) for each in row[1]] for row in rows])
    others = int(np.sum(nearest != answer["nearest_centroid_id"].numpy()[:, 0]))
    nulls = int(np.sum(np.any([np.isnan(c) for c in columns.values()], axis=0)))
    query(f"DROP TABLE {DATASET}.{ASKED}")
    return nulls, others, relative(answer["centroid_distances"].numpy(), distances)


def judge_products(model="product_affinity"):
    rows = query(f"""SELECT user_pseudo_id,
        ARRAY_AGG(product_recommended ORDER BY r DESC, product_recommended LIMIT 50),
        ARRAY_AGG(r ORDER BY r DESC, product_recommended LIMIT 50)
      FROM (SELECT *, predicted_rating_confidence AS r
        FROM ML.RECOMMEND(MODEL {DATASET}.{model})) GROUP BY 1""")
    drawn = [rows[i] for i in rng.integers(0, len(rows), INSTANCES)]
    _loaded, signature = load_exported(model)
    answer = signature(user_pseudo_id=tf.constant([row[0] for row in drawn]))
    items = [[each.decode() for each in row] for row in answer["predicted_item"].numpy()]
    others = sum(ours != row[1] for ours, row in zip(items, drawn))
    ratings = np.array([[float(each) for each in row[2]] for row in drawn])
    return 0, others, relative(answer["predicted_rating"].numpy(), ratings)


def main():
    existing = json.loads(call(f"/storage/v1/b?project={PROJECT}")).get("items", [])
    if BUCKET not in [each["name"] for each in existing]:
        call(f"/storage/v1/b?project={PROJECT}", {"name": BUCKET, "location": "US"})
    worst = 0
    for judge in (judge_clusters, judge_products):
        nulls, others, difference = judge()
        print(f"{judge.__name__}: {INSTANCES} instances, {nulls} with a NULL: {others} answer "
              f"otherwise, largest relative difference {difference:.1e}")
        worst = max(worst, difference, others)
    return 0 if worst <= TOLERANCE else 1


if __name__ == "__main__":
    sys.exit(main())
