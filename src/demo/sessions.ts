import type { Instant } from "../core/instants.ts"
import { day, dayStart, hour, minute } from "./calendar.ts"

/** A live stream: when, on which shop, who hosts and how much is sold. */
export type Session = {
  title: string
  host: string
  channel: string
  shop: string
  from: Instant
  minutes: number
  orders: number
}

const evenings = [
  ["家居之夜", "阿岚"],
  ["家纺春季场", "阿岚"],
  ["工厂直播日", "小满"],
  ["暖冬专场", "阿岚"],
] as const

const flagship = { channel: "douyin", shop: "青禾里旗舰店" }
const second = { channel: "kuaishou", shop: "青禾里家纺" }

/**
 * The streams of the days before `now`: every third evening one, a great one twelve days ago whose orders swamped the warehouses,
 * and one each 24 and 48 hours before now, whose echoes fall due while somebody looks.
 */
export function sessionsOf(now: Instant, days: number, size: number): Session[] {
  const sessions: Session[] = []
  for (let ago = days; ago >= 3; ago--) {
    const great = ago === 12
    if (ago % 3 !== 0) continue
    const [title, host] = evenings[(ago / 3) % evenings.length]!
    sessions.push({
      ...(ago % 6 === 0 ? flagship : second),
      title: great ? "周年庆返场" : title,
      host,
      from: dayStart(now) - ago * day + 20 * hour,
      minutes: great ? 240 : 150,
      orders: Math.round((great ? 950 : 320 + 40 * (ago % 4)) * size),
    })
  }
  sessions.push({
    ...second,
    title: "厂长来了",
    host: "小满",
    from: now - 48 * hour - 40 * minute,
    minutes: 150,
    orders: Math.round(760 * size),
  })
  sessions.push({
    ...flagship,
    title: "春日焕新预热场",
    host: "阿岚",
    from: now - 24 * hour - 30 * minute,
    minutes: 150,
    orders: Math.round(1150 * size),
  })
  return sessions.filter(({ from }) => from > now - days * day)
}

/** The stream that runs while somebody looks. */
export const tonight = { ...flagship, title: "春日焕新专场", host: "阿岚" } as const

/** How an hour of the day compares with the mean hour, for everyday orders. */
export const dailyShape = [
  0.35, 0.2, 0.12, 0.08, 0.08, 0.12, 0.3, 0.6, 0.85, 1.05, 1.2, 1.25, 1.3, 1.2, 1.1, 1.1, 1.15, 1.2, 1.3, 1.6,
  1.95, 2.1, 1.7, 0.9,
] as const

/** How the share of a stream's orders rises and falls: quick at the start, most before the end. */
export const streamShape = (at: number): number =>
  0.6 + 0.8 * Math.sin(Math.PI * at) + (at > 0.7 && at < 0.9 ? 0.9 : 0)
