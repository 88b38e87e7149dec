import { Button, Mentions } from "antd"
import { AtSign, Lightbulb } from "lucide-react"
import { useEffect, useRef, useState } from "react"
import type { CaseEntryView, CaseView, MessageView } from "../../../src/api/contract/cases.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { useKeys } from "../../shell/keys.ts"
import { exact, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useDepartments, useSay, useThread, useUndo } from "../queries.ts"
import { useEntry } from "./entries.ts"

/** What happened and what was said, oldest first; below it the place to write and to propose. */
export function Thread({ each }: { each: CaseView }) {
  const { data: messages = [] } = useThread(each.number)
  const foot = useRef<HTMLDivElement>(null)
  const items = [
    ...each.log.map((entry) => ({ at: entry.at, entry, message: null })),
    ...messages.map((message) => ({ at: message.at, entry: null, message })),
  ].sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
  // What is newest stands at the lower end, where one writes.
  useEffect(() => {
    if (items.length > 0) foot.current?.scrollIntoView({ block: "nearest" })
  }, [items.length])
  return (
    <section className="case-thread">
      <div className="case-words">
        {items.map(({ entry, message }) =>
          entry ? (
            <Entry key={entry.id} each={each} entry={entry} />
          ) : (
            <Message key={message!.id} message={message!} />
          ),
        )}
        <div ref={foot} />
      </div>
      <Compose number={each.number} />
    </section>
  )
}

function At({ at }: { at: string }) {
  const { language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <time className="s t3 nw" title={exact(Date.parse(at), zone)}>
      {sayShort(Date.parse(at), now, { language, zone })}
    </time>
  )
}

function Entry({ each, entry }: { each: CaseView; entry: CaseEntryView }) {
  const { t } = useWords()
  const sentence = useEntry()
  const undo = useUndo()
  const canUndo = useNow(60_000) < Date.parse(entry.undoableUntil ?? "1970-01-01")
  const { what, said } = sentence(entry)
  return (
    <div className={said ? "case-message" : "case-entry"}>
      <i />
      <div className="grow">
        <div className="row">
          <span className="grow">{what}</span>
          {canUndo && (
            <button
              type="button"
              className="link s"
              onClick={() => undo.mutate({ id: each.number, entry: entry.id })}
            >
              {t("case.undo")}
            </button>
          )}
          <At at={entry.at} />
        </div>
        {said && <p>{said}</p>}
      </div>
    </div>
  )
}

function Message({ message }: { message: MessageView }) {
  const { t } = useWords()
  const departmentName = useDepartmentName()
  const name = message.author?.name ?? t("cases.panel.engine")
  return (
    <div className="case-message">
      <span className="avatar" aria-hidden="true">
        {name.slice(0, 1)}
      </span>
      <div className="grow">
        <div className="row">
          <b>{name}</b>
          {message.department && <span className="t3 s">{departmentName(message.department)}</span>}
          {message.proposal && (
            <span className="tag">
              <Lightbulb size={12} />
              {t("case.thread.proposal")}
            </span>
          )}
          <span className="grow" />
          <At at={message.at} />
        </div>
        <p>{message.text}</p>
      </div>
    </div>
  )
}

function Compose({ number }: { number: string }) {
  const { t } = useWords()
  const problem = useProblem()
  const { data: departments = [] } = useDepartments()
  const say = useSay(number)
  const [text, setText] = useState("")
  const [proposal, setProposal] = useState(false)
  const field = useRef<HTMLDivElement>(null)
  const write = () => field.current?.querySelector("textarea")?.focus()
  useKeys("case.keys", { c: { does: "case.key.write", act: write } })
  const words = text.trim()
  const send = () => {
    const named = departments.filter(({ name }) => words.includes(`@${name}`)).map(({ id }) => id)
    say.mutate(
      {
        text: words,
        ...(named.length > 0 ? { departments: named } : {}),
        ...(proposal ? { proposal } : {}),
      },
      {
        onSuccess: () => {
          setText("")
          setProposal(false)
        },
      },
    )
  }
  return (
    <div className="case-compose" ref={field}>
      <Mentions
        variant="borderless"
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={text}
        onChange={setText}
        placeholder={t("case.thread.write")}
        aria-label={t("case.thread.write")}
        options={departments.map(({ id, name }) => ({ key: id, value: name, label: name }))}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && words !== "") send()
        }}
      />
      {say.error && <p className="over s">{problem(say.error).title}</p>}
      <div className="row case-tools">
        <button
          type="button"
          className="icon-button"
          aria-label={t("case.thread.mention")}
          title={t("case.thread.mention")}
          onClick={() => {
            setText(`${text}@`)
            write()
          }}
        >
          <AtSign size={15} />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-pressed={proposal}
          aria-label={t("case.thread.propose")}
          title={t("case.thread.propose")}
          onClick={() => setProposal(!proposal)}
        >
          <Lightbulb size={15} />
        </button>
        <span className="grow" />
        <kbd>c</kbd>
        <Button size="small" disabled={words === ""} loading={say.isPending} onClick={send}>
          {t("case.thread.send")}
        </Button>
      </div>
    </div>
  )
}
