import { describe, expect, it } from "vitest"
import { inWords, judged, shown } from "../testing/week.ts"

describe("a hold", () => {
  it.each([
    [
      "paid Mon 10:00 · held customer Mon 12:00",
      "Fri 10:00",
      "prepare paused, due +Tue 10:00; ship paused, due +Wed 10:00",
      "the regulation's pauses end after seven days",
    ],
    [
      "paid Mon 10:00 · held customer Mon 12:00 · released Mon 20:00",
      "Tue 10:30",
      "prepare running, due Tue 18:00; ship running, due Wed 18:00",
      "what was paused comes on top",
    ],
    [
      "paid Mon 10:00 · held warehouse Mon 12:00",
      "Tue 11:00",
      "prepare over since Tue 10:00; ship running, due Wed 10:00",
      "the warehouse's own troubles stop no clock",
    ],
    [
      "paid Mon 10:00 · held customer Mon 12:00 · held platform Mon 14:00 · released customer Mon 16:00 · released platform Mon 18:00",
      "Mon 20:00",
      "prepare running, due Tue 16:00; ship running, due Wed 16:00",
      "holds that overlap count once",
    ],
    [
      "paid Mon 10:00 · asks refund Mon 12:00 · refund rejected Mon 13:00",
      "Mon 14:00",
      "prepare running, due Tue 11:00; ship running, due Wed 11:00",
      "a refund that is asked for pauses until it is rejected",
    ],
    [
      "paid Mon 10:00 · asks refund Mon 12:00 · released Mon 13:00",
      "Mon 14:00",
      "prepare paused, due +Tue 10:00; ship paused, due +Wed 10:00",
      "a release without a name leaves the refund's hold",
    ],
    [
      "held customer Sun 10:00 · paid Mon 10:00 · released Mon 12:00",
      "Mon 13:00",
      "prepare running, due Tue 10:00; ship running, due Wed 10:00",
      "a hold that opens later than this moment is not yet known",
    ],
    [
      "paid Mon 10:00 · held customer Tue 12:00",
      "Wed 12:00",
      "prepare over since Tue 10:00; ship paused, due +Wed 10:00",
      "a deadline that has passed is not moved by a hold",
    ],
  ])("%s, seen on %s: %s (%s)", (told, at, expected) => expect(inWords(judged(told, at))).toBe(expected))

  it("keeps the remaining time over a long pause", () => {
    const answer = judged("paid Mon 10:00 · held customer Mon 12:00 · released Sat 12:00", "Sat 12:00")
    expect(answer.clocks.map(({ dueAt }) => shown(dueAt))).toEqual(["Sun 10:00", "+Mon 10:00"])
  })
})
