import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AnswerError } from "../../../lib/functions/answer_error.ts";
import {
  readProductAffinityRequest,
  readUserClusterRequest,
} from "../../../lib/functions/requests.ts";

Deno.test("the walk-through's request is read", () => {
  assertEquals(readUserClusterRequest('{"userId":"2534169.4418845320"}'), {
    userId: "2534169.4418845320",
  });
});

Deno.test("a request for products has a limit of five unless it says another", () => {
  assertEquals(readProductAffinityRequest('{"viewed":[]}'), { viewed: [], limit: 5 });
  assertEquals(readProductAffinityRequest('{"userId":"a","viewed":["Mug"],"limit":50}'), {
    ...{ userId: "a", viewed: ["Mug"], limit: 50 },
  });
});

const WRONG: [read: (json: string) => unknown, json: string, why: string][] = [
  [readUserClusterRequest, "", "is no JSON"],
  [readUserClusterRequest, "{'userId':'a'}", "double quotes"],
  [readUserClusterRequest, "null", "must be an object"],
  [readUserClusterRequest, '["a"]', "must be an object"],
  [readUserClusterRequest, "{}", "userId must be a text"],
  [readUserClusterRequest, '{"userId":2534169.4}', "userId must be a text in quotes"],
  [readUserClusterRequest, '{"userId":""}', "must not be empty"],
  [readUserClusterRequest, '{"userId":" \\t"}', "must not be empty"],
  [readUserClusterRequest, `{"userId":"${"a".repeat(257)}"}`, "at most 256"],
  [readUserClusterRequest, '{"userId":"a","user":"b"}', "unknown field user:"],
  [readUserClusterRequest, '{"userid":"1"}', "unknown field userid:"],
  [readUserClusterRequest, '{"user\\nid":"1"}', 'unknown field "user\\nid":'],
  [readProductAffinityRequest, '{"userid":"1","limit":0}', "unknown field userid:"],
  [readProductAffinityRequest, "7", "must be an object"],
  [readProductAffinityRequest, "{}", "userId, viewed or both"],
  [readProductAffinityRequest, '{"limit":3}', "userId, viewed or both"],
  [readProductAffinityRequest, '{"viewed":"Mug"}', "viewed must be a list"],
  [readProductAffinityRequest, '{"viewed":[1]}', "must be the name of a product"],
  [readProductAffinityRequest, '{"viewed":[""]}', "no name in viewed may be empty"],
  [readProductAffinityRequest, `{"viewed":["${"a".repeat(501)}"]}`, "at most 500"],
  [readProductAffinityRequest, JSON.stringify({ viewed: Array(101).fill("a") }), "at most 100"],
  ...["0", "51", "2.5", '"5"', "null", "1e400"].map((
    limit,
  ): [typeof readProductAffinityRequest, string, string] => [
    readProductAffinityRequest,
    `{"userId":"a","limit":${limit}}`,
    "whole number from 1 to 50",
  ]),
  [readProductAffinityRequest, '{"userId":"a","__proto__":{}}', "unknown field __proto__"],
];

Deno.test("what is wrong with a request is said in one sentence", () => {
  for (const [read, json, why] of WRONG) {
    const { message, code } = assertThrows(() => read(json), AnswerError, why);
    assertEquals([code, /^Cannot read the request as [^\n]*[^.\n]$/.test(message)], [400, true]);
  }
});

Deno.test("whatever is sent is read or refused as invalid", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    for (const read of [readUserClusterRequest, readProductAffinityRequest]) {
      try {
        read(json);
      } catch (error) {
        assertEquals((error as AnswerError).code, 400);
      }
    }
  }));
});
