import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lives, tell } from "../testing/lives.ts"
import { on, reasoned, shown } from "../testing/week.ts"
import { chineseOffice } from "./calendarData.ts"
import { explain, inWords, type Language } from "./explain.ts"
import { reason } from "./judge.ts"
import { defaultPolicy, policySchema } from "./policy.ts"

const languages: Language[] = ["zh-Hans", "zh-Hant", "en"]

/** The sentences of the clock of a kind, in English. */
function sentences(kind: string, ...[told, at, given]: Parameters<typeof reasoned>): string[] {
  const { found, rules } = reasoned(told, at, given)
  const explained = explain(found, rules).find(({ clock }) => clock.kind === kind)!
  return explained.steps.map((step) => inWords(step, explained.clock, "en", shown))
}

describe("the arithmetic of a clock in words", () => {
  it("of an ordinary order names start, rule, due, warnings and stop", () =>
    expect(sentences("ship", "paid Mon 10:00 · shipped Wed 13:35", "Thu 10:00")).toEqual([
      "Paid at Mon 10:00",
      'Standard "ship" of policy v1, clause 3.1a: + 48 h (no more specific one fits; it holds for all orders)',
      "Due Wed 10:00",
      "Warning (50%) Tue 10:00",
      "Warning (PT4H) Wed 06:00",
      "Shipped stopped it at Wed 13:35, 3 h 35 late",
    ]))

  it("of a held one names the hold, which comes on top", () =>
    expect(
      sentences("prepare", "paid Mon 10:00 · held customer Mon 12:00 · released Mon 20:00", "Tue 10:00"),
    ).toEqual([
      "Paid at Mon 10:00",
      'Standard "prepare" of policy v1, clause 3.1a: + 24 h (no more specific one fits; it holds for all orders)',
      "On hold for the customer from Mon 12:00: + 8 h",
      "Due Tue 18:00",
      "Warning (50%) Tue 06:00",
      "Warning (PT2H) Tue 16:00",
    ]))

  it("of a presale says why its standard won, and which moves counted", () =>
    expect(
      sentences(
        "ship",
        "paid Mon 10:00 · promised Sat 10:00 Thu 10:00 · promised Sun 10:00 Sat 11:00",
        "Sun 10:00",
        {
          order: { type: "presale", presaleShipBy: on("Fri 10:00") },
        },
      ),
    ).toEqual([
      "Paid at Mon 10:00",
      'Standard "presale-ship" of policy v1, clause 3.1a: the presale\'s date of shipping (the most specific that fits: order type = presale)',
      "Moved to Sat 10:00, told Thu 10:00",
      "Sun 10:00 was told Sat 11:00, after the due: a deadline that has passed does not move",
      "Due Sat 10:00",
      "Warning (P1D) Fri 10:00",
      "Warning (PT4H) Sat 06:00",
    ]))

  it("of an order refunded too late blames its end, not an agreed date", () =>
    expect(sentences("prepare", "paid Mon 10:00 · refunded Tue 12:00", "Wed 10:00").at(-1)).toBe(
      "The end of the order stopped it at Tue 12:00, 2 h late",
    ))

  const inHours = (within: string) => [
    policySchema.parse({
      ...defaultPolicy,
      standards: [{ id: "ship", clock: "ship", within, calendar: "office", stop: ["shipped"] }],
    }),
  ]
  it("in working hours names the windows that count", () =>
    expect(
      sentences("ship", "paid Fri 17:00", "Fri 18:00", {
        policies: inHours("PT3H"),
        calendars: { office: chineseOffice(["09:00-12:00", "13:00-18:00"]) },
      }).slice(2),
    ).toEqual([
      'Only time inside the calendar "office" counts',
      "Counts from Fri 17:00 to Fri 18:00: 1 h",
      "Counts from +Mon 09:00 to +Mon 11:00: 2 h",
      "Due +Mon 11:00",
    ]))

  it("without any hours says that there are none", () =>
    expect(
      sentences("ship", "paid Fri 17:00", "Fri 18:00", {
        policies: inHours("PT3H"),
        calendars: { office: { timezone: "Asia/Shanghai" } },
      }).at(-1),
    ).toBe("No due: the calendar has no time left that counts"))
})

it("every step of every life can be said in every language, and the due is the clock's", () => {
  const what = new Set<string>()
  fc.assert(
    fc.property(lives, ({ order, events, rules, now }) => {
      for (const { clock, steps } of explain(reason(order, tell(events).told, rules, now), rules)) {
        expect(steps.find((step) => step.what === "due")?.at ?? null).toBe(clock.dueAt)
        for (const step of steps) {
          what.add(step.what)
          for (const language of languages) {
            const text = inWords(step, clock, language, shown)
            expect(text).not.toMatch(/undefined|null|NaN|Infinity|\[object/)
            expect(/[\u4e00-\u9fff]/.test(text), text).toBe(language !== "en")
          }
        }
      }
    }),
    { numRuns: 500 },
  )
  expect([...what].sort()).toEqual(
    [
      "agreed",
      "calendar",
      "due",
      "moved",
      "no_due",
      "not_moved",
      "pause",
      "promise",
      "rule",
      "start",
      "stop",
      "unobserved",
      "warning",
      "window",
    ].sort(),
  )
})
