import { expect, it } from "vitest"
import { caseNumber, newId, orderPlace, readCaseNumber } from "./keys.ts"

it("an order's bucket and id never change", () => {
  expect(
    orderPlace({ channel: "douyin", shop: "s1", orderNo: "6920000000000000001" }),
  ).toMatchInlineSnapshot(`
    {
      "bucket": 217,
      "digest": "c0d73b08-263c-8204-a3ec-107129e09e6a",
      "id": "69200000-263c-8204-a3ec-107129e09e6a",
    }
  `)
  expect(orderPlace({ channel: "快手", shop: "主店", orderNo: "1" })).toMatchInlineSnapshot(`
    {
      "bucket": 65,
      "digest": "86b17eff-e949-83cb-9eea-e82b392b38a0",
      "id": "00000001-e949-83cb-9eea-e82b392b38a0",
    }
  `)
})

it("parts of a key are not run together", () => {
  const one = orderPlace({ channel: "a", shop: "bc", orderNo: "1" })
  const other = orderPlace({ channel: "ab", shop: "c", orderNo: "1" })
  expect(one.id).not.toBe(other.id)
})

it("orders spread evenly over the buckets", () => {
  const counts = new Map<number, number>()
  for (let n = 0; n < 102_400; n++) {
    const { bucket } = orderPlace({ channel: "douyin", shop: "s1", orderNo: String(n) })
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
  }
  expect(counts.size).toBe(1024)
  expect(Math.max(...counts.values())).toBeLessThan(160)
})

it("a case's number finds its bucket, also as people write it", () => {
  for (const [counter, bucket] of [
    [1, 0],
    [1, 1023],
    [999, 512],
  ] as const) {
    const number = caseNumber(counter, bucket)
    expect(number).toMatch(/^C-[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(readCaseNumber(number)).toEqual({ bucket, n: counter })
    expect(readCaseNumber(number.toLowerCase().replace("-", ""))).toEqual({ bucket, n: counter })
  }
  expect(readCaseNumber("C-!")).toBeNull()
})

it("new ids sort by their instant", () => {
  expect(newId(1_700_000_000_000) < newId(1_700_000_000_001)).toBe(true)
})
