import { useEffect, useRef } from "react"
import type { LiveMessage } from "../src/api/contract.ts"
import { learnTime } from "./time/now.ts"

export type LiveTopic = LiveMessage["topic"]
type MessageOf<T extends LiveTopic> = Extract<LiveMessage, { topic: T }>

const topics: LiveTopic[] = ["hello", "board", "orders", "cases", "incidents", "import", "alerts", "bell"]
const retryMs = 5_000
const listeners = new Set<(message: LiveMessage) => void>()
let connectedWith: { close(): void } | null = null

function tellHere(message: LiveMessage): void {
  if (message.topic === "hello") learnTime(message.serverTime, Date.now())
  for (const listener of listeners) listener(message)
}

/** Listens to the server while somebody listens here: one connection a browser, which the tab that holds the lock shares with the others. */
function connect(): { close(): void } {
  const channel = new BroadcastChannel("zhunshi.live")
  const ended = new AbortController()
  channel.onmessage = ({ data }: MessageEvent<LiveMessage>) => tellHere(data)
  const share = (message: LiveMessage) => {
    tellHere(message)
    channel.postMessage(message)
  }
  // Locks exist only on https and localhost; elsewhere every tab has a connection of its own.
  if (navigator.locks)
    void navigator.locks
      .request("zhunshi.live", { signal: ended.signal }, () => hear(share, ended.signal))
      .catch(() => {})
  else void hear(tellHere, ended.signal)
  return {
    close() {
      ended.abort()
      channel.close()
    },
  }
}

/** Keeps an event source open until it is told to end; the browser retries by itself unless the server said no. */
function hear(tell: (message: LiveMessage) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource
    let timer: ReturnType<typeof setTimeout> | undefined
    const open = () => {
      source = new EventSource("/api/v1/live")
      for (const topic of topics)
        source.addEventListener(topic, ({ data }: MessageEvent<string>) =>
          tell(JSON.parse(data) as LiveMessage),
        )
      source.onerror = () => {
        if (source.readyState === EventSource.CLOSED && !signal.aborted) timer = setTimeout(open, retryMs)
      }
    }
    open()
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      source.close()
      resolve()
    })
  })
}

/** Calls back for each message of a topic while the component is there. */
export function useLive<T extends LiveTopic>(topic: T, onMessage: (message: MessageOf<T>) => void): void {
  const latest = useRef(onMessage)
  latest.current = onMessage
  useEffect(() => {
    const listener = (message: LiveMessage) => {
      if (message.topic === topic) latest.current(message as MessageOf<T>)
    }
    listeners.add(listener)
    connectedWith ??= connect()
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      connectedWith?.close()
      connectedWith = null
    }
  }, [topic])
}
