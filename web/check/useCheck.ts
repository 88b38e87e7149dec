import { useCallback, useEffect, useRef, useState } from "react"
import {
  type Ask,
  type Choice,
  type FailureCode,
  type Result,
  regulation,
  type SheetWords,
  type Standards,
  type Tell,
} from "./protocol.ts"
import type { Filter, Verdict } from "./verdicts.ts"

export type Phase =
  | { is: "empty" }
  | { is: "reading"; file: string; read: number; size: number; rows: number }
  | { is: "judging"; file: string }
  | {
      is: "unknown"
      file: string
      headers: string[]
      samples: string[][]
      presets: { name: string; channel: string }[]
    }
  | { is: "failed"; file: string; code: FailureCode }
  | { is: "done"; result: Result }

export type CheckRun = {
  phase: Phase
  standards: Standards
  open(file: File): void
  choose(choice: Choice): void
  judge(standards: Standards): void
  close(): void
  rows(filter: Filter, from: number, count: number): Promise<{ total: number; rows: Verdict[] }>
  download(filter: Filter, words: SheetWords, zone: string): Promise<void>
}

type Waiting = {
  rows?: (answer: { total: number; rows: Verdict[] }) => void
  file?: (file: Blob, name: string) => void
}

/** One file, read and judged in a worker of this browser; nothing of it is sent anywhere. */
export function useCheck(): CheckRun {
  const [phase, setPhase] = useState<Phase>({ is: "empty" })
  const [standards, setStandards] = useState<Standards>(regulation)
  const worker = useRef<Worker | null>(null)
  const file = useRef<File | null>(null)
  const waiting = useRef(new Map<number, Waiting>())
  const nextId = useRef(1)

  const stop = useCallback(() => {
    worker.current?.terminate()
    worker.current = null
    waiting.current.clear()
  }, [])
  useEffect(() => stop, [stop])

  const hear = useCallback((message: Tell) => {
    const name = file.current?.name ?? ""
    switch (message.tell) {
      case "progress":
        return setPhase((before) => {
          const last = before.is === "reading" ? before : { read: 0, size: file.current?.size ?? 0, rows: 0 }
          return {
            is: "reading",
            file: name,
            read: message.size > 0 ? message.read : last.read,
            size: last.size,
            rows: Math.max(message.rows, last.rows),
          }
        })
      case "judging":
        return setPhase((before) => (before.is === "done" ? before : { is: "judging", file: name }))
      case "unknown":
        return setPhase({
          is: "unknown",
          file: name,
          headers: message.headers,
          samples: message.samples,
          presets: message.presets,
        })
      case "failed":
        return setPhase({ is: "failed", file: name, code: message.code })
      case "done":
        return setPhase({ is: "done", result: message.result })
      case "rows":
        waiting.current.get(message.id)?.rows?.(message)
        return void waiting.current.delete(message.id)
      case "file":
        waiting.current.get(message.id)?.file?.(message.file, message.name)
        return void waiting.current.delete(message.id)
    }
  }, [])

  const ask = useCallback((message: Ask) => worker.current?.postMessage(message), [])
  const begin = useCallback(
    (choice: Choice, using: Standards) => {
      if (!file.current) return
      stop()
      worker.current = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" })
      worker.current.onmessage = ({ data }: MessageEvent<Tell>) => hear(data)
      worker.current.onerror = () => hear({ tell: "failed", code: "file_broken" })
      setPhase({ is: "reading", file: file.current.name, read: 0, size: file.current.size, rows: 0 })
      ask({ ask: "read", file: file.current, choice, standards: using })
    },
    [ask, hear, stop],
  )
  const rows = useCallback(
    (filter: Filter, from: number, count: number) =>
      new Promise<{ total: number; rows: Verdict[] }>((resolve) => {
        const id = nextId.current++
        waiting.current.set(id, { rows: resolve })
        ask({ ask: "rows", id, filter, from, count })
      }),
    [ask],
  )
  const download = useCallback(
    (filter: Filter, words: SheetWords, zone: string) =>
      new Promise<void>((resolve) => {
        const id = nextId.current++
        waiting.current.set(id, {
          file(blob, name) {
            save(blob, name)
            resolve()
          },
        })
        ask({ ask: "download", id, filter, words, zone })
      }),
    [ask],
  )
  return {
    phase,
    standards,
    rows,
    download,
    open(chosen) {
      file.current = chosen
      setStandards(regulation)
      begin({ how: "recognise" }, regulation)
    },
    choose: (choice) => begin(choice, standards),
    judge(changed) {
      setStandards(changed)
      ask({ ask: "judge", standards: changed })
    },
    close() {
      stop()
      file.current = null
      setPhase({ is: "empty" })
    },
  }
}

/** Hands a file made here to the person. */
function save(file: Blob, name: string): void {
  const link = document.createElement("a")
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
