import { useSyncExternalStore } from "react"

/** How far the server's clock is ahead of this one, in milliseconds, from the answer that came back quickest. */
let aheadMs = 0
let quickestMs = Number.POSITIVE_INFINITY
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined
let current = Date.now()
let pinned: number | null = null

/** Now, by the server's clock, in milliseconds. */
export const serverNow = (): number => pinned ?? Date.now() + aheadMs

/** Learns the server's clock from an answer: what it said and how long the question took. */
export function learnTime(serverTime: string | null, askedAt: number): void {
  const told = serverTime === null ? Number.NaN : Date.parse(serverTime)
  const tookMs = Date.now() - askedAt
  // A slower answer tells less; after five minutes of sleep a tab believes any answer again.
  if (Number.isNaN(told) || tookMs > quickestMs * 1.5) return
  quickestMs = tookMs
  aheadMs = told + tookMs / 2 - Date.now()
}

/** Holds the page at one instant (pictures and the check page's as-of); null lets it run. */
export function pinNow(at: number | null): void {
  pinned = at
  tell()
}

function tell(): void {
  current = serverNow()
  for (const listener of listeners) listener()
}

function beat(): void {
  tell()
  // The next whole second, so that all figures change together.
  timer = setTimeout(beat, 1000 - (serverNow() % 1000) + 5)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (listeners.size === 1) beat()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) clearTimeout(timer)
  }
}

/** What is made of now, drawn again only when it comes out different: the page's one ticking clock. */
export function useTick<T extends string | number | boolean>(of: (now: number) => T): T {
  return useSyncExternalStore(subscribe, () => of(listeners.size === 0 ? serverNow() : current))
}

/** Now, stepping by whole seconds or minutes. */
export const useNow = (stepMs: 1000 | 60_000 = 1000): number =>
  useTick((now) => Math.floor(now / stepMs) * stepMs)
