import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { describe, expect, it } from "vitest"
import { play, type Scenario, type ScenarioAnswer } from "./scenario.ts"

type Vector = Scenario & { name: string; answer: ScenarioAnswer }
const read = (text: string): Vector[] =>
  text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Vector)

describe("scenarios worked out by hand", () => {
  const vectors = read(readFileSync(new URL("./vectors/rules.jsonl", import.meta.url), "utf8"))
  it("there are 543", () => expect(vectors.length).toBe(543))
  it.each(vectors.map((vector) => [vector.name, vector] as const))("%s", (_, { answer, ...scenario }) => {
    expect(play(scenario)).toEqual(answer)
  })
})

const random = new URL("../../../shared/vectors/random.jsonl.gz", import.meta.url)
const present = existsSync(random)
if (!present) console.warn("skipped: the random scenarios, since ../shared/vectors is not there")

describe.skipIf(!present)("scenarios made at random (skipped where ../shared/vectors is absent)", () => {
  it("all have the answer that two other implementations agree on", () => {
    for (const { answer, ...scenario } of read(gunzipSync(readFileSync(random)).toString("utf8")))
      expect(play(scenario), scenario.name).toEqual(answer)
  })
})
