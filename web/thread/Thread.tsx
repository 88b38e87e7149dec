import { type DragEvent, type ReactNode, useEffect, useRef, useState } from "react"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { useWords } from "../words/words.ts"
import { Compose } from "./Compose.tsx"
import { useFiles } from "./Files.tsx"
import { Message } from "./Message.tsx"
import { type About, useThread } from "./queries.ts"
import "./thread.css"

/** Something that happened, drawn between the words. */
export type Happening = { key: string; at: string; drawn: ReactNode }

/** What happened and what was said about a case or an incident, oldest first; below it the place to write. A file is dropped anywhere on it. */
export function Thread({
  of,
  happened,
  asking,
  onAsk,
}: {
  of: About
  happened: readonly Happening[]
  asking: boolean
  onAsk(asking: boolean): void
}) {
  const { t } = useWords()
  const { data, error, refetch } = useThread(of)
  const files = useFiles(of)
  const box = useRef<HTMLDivElement>(null)
  const [dragged, setDragged] = useState(false)
  const items = [
    ...happened,
    ...(data ?? []).map(
      (message): Happening => ({
        key: message.id,
        at: message.at,
        drawn: <Message of={of} message={message} />,
      }),
    ),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  // What is newest stands at the lower end, where one writes; on a phone the page around it stays where it is.
  useEffect(() => {
    if (items.length > 0) box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [items.length])
  const isFile = ({ dataTransfer }: DragEvent) => dataTransfer.types.includes("Files")
  return (
    <section
      className={dragged ? "thread dragged" : "thread"}
      aria-label={t("thread.title")}
      onDragOver={(event) => {
        if (!isFile(event)) return
        event.preventDefault()
        setDragged(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDragged(false)
      }}
      onDrop={(event) => {
        if (!isFile(event)) return
        event.preventDefault()
        setDragged(false)
        files.add(event.dataTransfer.files)
      }}
    >
      <div className="thread-words" ref={box}>
        {items.map(({ key, drawn }) => (
          <div key={key}>{drawn}</div>
        ))}
        {!data && !error && <Skeleton rows={3} />}
        {!data && error && <ErrorState error={error} onRetry={() => void refetch()} />}
      </div>
      {dragged && <p className="thread-drop">{t("thread.drop")}</p>}
      <Compose of={of} files={files} asking={asking} onAsk={onAsk} />
    </section>
  )
}
