import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import dayjs from "dayjs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { instantPicked, pickable } from "./picked.ts"

const own = process.env.TZ
beforeAll(() => {
  process.env.TZ = "America/Los_Angeles"
})
afterAll(() => {
  if (own === undefined) delete process.env.TZ
  else process.env.TZ = own
})

it("what is picked in Los Angeles is a time of the company in Shanghai", () => {
  expect(instantPicked(dayjs("2026-11-28 18:00"), "Asia/Shanghai")).toBe(
    Date.parse("2026-11-28T18:00:00+08:00"),
  )
  expect(instantPicked(dayjs("2026-11-28").endOf("day"), "Asia/Shanghai")).toBe(
    Date.parse("2026-11-28T23:59:59+08:00"),
  )
})

it.each(["2026-10-31T23:30:00-04:00", "2026-11-01T00:30:00-04:00", "2026-11-01T03:30:00-05:00"])(
  "a picker shows %s as New York says it, and gives it back",
  (text) => {
    const at = Date.parse(text)
    const shown = pickable(at, "America/New_York")
    expect(shown.format("YYYY-MM-DDTHH:mm")).toBe(text.slice(0, 16))
    expect(instantPicked(shown, "America/New_York")).toBe(at)
  },
)

it("pages pick instants by the picker that knows the company's zone; a week, a day and a span of two are picked otherwise", () => {
  const web = join(import.meta.dirname, "..")
  const others = readdirSync(web, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".tsx") && readFileSync(join(web, file), "utf8").includes("<DatePicker"))
    .sort()
  expect(others).toEqual([
    "evidence/Windows.tsx",
    "report/Control.tsx",
    "roster/page.tsx",
    "time/InstantPicker.tsx",
  ])
})
