import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { canonical, type Json, withoutNulls } from "./json.ts"

describe("canonical JSON", () => {
  it.each<[Json, string]>([
    [{ b: 1, a: { d: [3, { z: 1, y: 2 }], c: "x" } }, '{"a":{"c":"x","d":[3,{"y":2,"z":1}]},"b":1}'],
    [
      { "\u20ac": 1, "\r": 2, "\ud83d\ude00": 3, "\ufb33": 4, "1": 5, ö: 6 },
      '{"\\r":2,"1":5,"ö":6,"€":1,"😀":3,"\ufb33":4}',
    ],
    [[1e21, 1e-7, -0, 333333333.3333333, 4.5], "[1e+21,1e-7,0,333333333.3333333,4.5]"],
    [{ a: null, b: { c: null } }, '{"b":{}}'],
    ['\u2028\u0000"/', '"\u2028\\u0000\\"/"'],
  ])("of %j", (value, text) => expect(canonical(value)).toBe(text))

  it("says the same of any order of keys, and only of the same value", () => {
    const shuffled = (value: Json): Json =>
      typeof value !== "object" || value === null
        ? value
        : Array.isArray(value)
          ? value.map(shuffled)
          : Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([key, field]) => [key, shuffled(field!)]),
            )
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const value = withoutNulls(given as Json)
        expect(canonical(shuffled(value))).toBe(canonical(value))
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})

describe("a field that is null", () => {
  it("is absent at whatever depth, an empty object is not", () =>
    expect(withoutNulls({ a: null, b: { c: null }, d: [{ e: null, f: 1 }] })).toEqual({
      b: {},
      d: [{ f: 1 }],
    }))

  it("is told from one named __proto__, which is kept and lends nothing", () => {
    const told = JSON.parse('{"type":"paid","__proto__":{"lines":["a"]}}') as { [field: string]: Json }
    const kept = withoutNulls(told)
    expect(canonical(kept)).toBe('{"__proto__":{"lines":["a"]},"type":"paid"}')
    expect("lines" in kept).toBe(false)
  })
})
