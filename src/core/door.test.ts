import { describe, expect, it } from "vitest"
import { admit, type Teller } from "./door.ts"
import type { JsonObject } from "./json.ts"

const key: Teller = { source: "erp", mayAgree: false, hasPolicy: (version) => version === 1 }
const person: Teller = { ...key, source: "Li Na", mayAgree: true }
const paid: JsonObject = {
  channel: "douyin",
  shop: "s1",
  orderNo: "6920",
  type: "paid",
  at: "2026-11-24T10:00:00+08:00",
}

/** Code and field of the refusal, or `admitted`. */
function answer(told: unknown, teller: Teller): string {
  const found = admit(told, teller)
  return "admitted" in found ? "admitted" : `${found.refused.code} ${found.refused.field ?? ""}`.trim()
}

describe("the door admits what is well formed", () => {
  it.each<[string, JsonObject]>([
    ["an ordinary event", {}],
    ["fields that nobody named", { weather: { rain: true }, order: { giftWrap: "red" } }],
    ["a null where a field may be missing", { eventId: null, observedAt: null, lines: null, order: null }],
    ["an instant in the future", { at: "2030-01-01T00:00:00Z" }],
    ["a hold with a reason", { type: "held", reason: "customer" }],
    ["a hold with only a name", { type: "held", hold: "h1" }],
    ["a release of everything", { type: "released" }],
    ["a retraction by eventId", { type: "retracted", of: { eventId: "e1" } }],
    [
      "a retraction by type and instant",
      { type: "retracted", of: { type: "paid", at: "2026-11-24T10:00:00+08:00" } },
    ],
    ["an order number of 128 bytes", { orderNo: `${"单".repeat(42)}no` }],
    ["an item by sku", { order: { items: [{ sku: "a", amount: 32900 }] } }],
  ])("%s", (_, more) => expect(answer({ ...paid, ...more }, key)).toBe("admitted"))

  it("trims and composes ids, reads instants, and names the source itself", () => {
    const told = {
      ...paid,
      shop: " cafe\u0301 ",
      source: "somebody else",
      eventId: " e1 ",
      order: { promisedShipAt: "2026-11-26T10:00:00+08:00" },
    }
    const found = admit(told, key)
    expect(found).toMatchObject({
      admitted: {
        key: { shop: "caf\u00e9" },
        event: {
          source: "erp",
          eventId: "e1",
          at: Date.UTC(2026, 10, 24, 2),
          order: { promisedShipAt: Date.UTC(2026, 10, 26, 2) },
        },
      },
    })
    expect("admitted" in found && Object.keys(found.admitted.event)).not.toContain("channel")
  })
})

describe("the door refuses what is not", () => {
  it.each<[unknown, string]>([
    [null, "not_an_event"],
    ["paid", "not_an_event"],
    [[paid], "not_an_event"],
    [{}, "bad_id channel"],
    [{ ...paid, orderNo: 6920 }, "bad_id orderNo"],
    [{ ...paid, orderNo: "  " }, "bad_id orderNo"],
    [{ ...paid, shop: "s\u0000" }, "bad_id shop"],
    [{ ...paid, orderNo: "6920\ud83d" }, "bad_id orderNo"],
    [{ ...paid, orderNo: "单".repeat(43) }, "bad_id orderNo"],
    [{ ...paid, eventId: "" }, "bad_id eventId"],
    [{ ...paid, eventId: 7 }, "bad_id eventId"],
    [{ ...paid, type: "payed" }, "unknown_type type"],
    [{ ...paid, type: null }, "unknown_type type"],
    [{ ...paid, at: null }, "bad_instant at"],
    [{ ...paid, at: "2026-11-24T10:00:00" }, "bad_instant at"],
    [{ ...paid, at: 1764000000000 }, "bad_instant at"],
    [{ ...paid, observedAt: "yesterday" }, "bad_instant observedAt"],
    [{ ...paid, order: { promisedShipAt: "soon" } }, "bad_instant order.promisedShipAt"],
    [{ ...paid, order: { presaleShipBy: 5 } }, "bad_instant order.presaleShipBy"],
    [{ ...paid, type: "shipped", lines: [] }, "bad_lines lines"],
    [{ ...paid, type: "shipped", lines: "a" }, "bad_lines lines"],
    [{ ...paid, type: "shipped", lines: ["a", 1] }, "bad_lines lines"],
    [{ ...paid, order: "presale" }, "bad_field order"],
    [{ ...paid, order: { amount: 329.5 } }, "bad_money order.amount"],
    [{ ...paid, order: { amount: "329" } }, "bad_money order.amount"],
    [{ ...paid, order: { items: {} } }, "bad_field order.items"],
    [{ ...paid, order: { items: [{ name: "x" }] } }, "bad_field order.items[0]"],
    [
      { ...paid, order: { items: [{ sku: "a" }, { sku: "b", amount: 1.5 }] } },
      "bad_money order.items[1].amount",
    ],
    [{ ...paid, order: { receiver: "Li" } }, "bad_field order.receiver"],
    [{ ...paid, type: "held" }, "bad_hold reason"],
    [{ ...paid, type: "date_agreed", date: "2026-11-26T10:00:00Z" }, "forbidden type"],
    [{ ...paid, type: "policy_applied", version: 1 }, "forbidden type"],
    [{ ...paid, type: "retracted" }, "bad_of of"],
    [{ ...paid, type: "retracted", of: "e1" }, "bad_of of"],
    [{ ...paid, type: "retracted", of: { type: "paid" } }, "bad_of of"],
    [{ ...paid, note: "a\u0000b" }, "bad_text"],
    [{ ...paid, order: { warehouse: "cut off in the middle of \ud83d" } }, "bad_text"],
    [{ ...paid, "\udc00": 1 }, "bad_text"],
  ])("%j: %s", (told, expected) => expect(answer(told, key)).toBe(expected))

  it.each<[JsonObject, string]>([
    [{ type: "date_agreed", date: "2026-11-26T10:00:00Z" }, "admitted"],
    [{ type: "date_agreed" }, "bad_instant date"],
    [{ type: "policy_applied", version: 1 }, "admitted"],
    [{ type: "policy_applied", version: 2 }, "unknown_policy version"],
    [{ type: "policy_applied", version: "1" }, "unknown_policy version"],
  ])("of a person who may agree, %j: %s", (more, expected) =>
    expect(answer({ ...paid, ...more }, person)).toBe(expected),
  )

  it("nothing that lies too deep", () => {
    let deep: JsonObject = {}
    for (let i = 0; i < 5000; i++) deep = { deep }
    expect(answer({ ...paid, deep }, key)).toBe("bad_text")
  })
})
