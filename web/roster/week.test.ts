import dayjs from "dayjs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { weekOf, weekPicked } from "./week.ts"

const own = process.env.TZ
afterAll(() => {
  if (own === undefined) delete process.env.TZ
  else process.env.TZ = own
})
beforeAll(() => {
  process.env.TZ = "Asia/Shanghai"
})

it("a Monday that is picked leads to the week that begins with it", () => {
  const named = weekPicked(dayjs("2026-12-07"))
  const days = weekOf(Date.parse(`${named}T12:00:00Z`), "Asia/Shanghai")
  expect(days[0]).toBe(Date.parse("2026-12-07T00:00:00+08:00"))
})
