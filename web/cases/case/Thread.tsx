import { Button, Mentions, Select } from "antd"
import { AtSign, LifeBuoy, Lightbulb, Paperclip } from "lucide-react"
import { useEffect, useRef, useState } from "react"
import type {
  AttachmentView,
  CaseEntryView,
  CaseView,
  HelpView,
  MessageView,
} from "../../../src/api/contract/cases.ts"
import { upload } from "../../client.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { Countdown } from "../../marks/Countdown.tsx"
import { markOf, msOf } from "../../marks/states.ts"
import { useKeys } from "../../shell/keys.ts"
import { exact, sayShort } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useDepartmentName } from "../names.ts"
import { useDepartments, useSay, useThread, useUndo } from "../queries.ts"
import { useEntry } from "./entries.ts"

type Props = { each: CaseView; asking: boolean; onAsk(): void; onAsked(): void }

/** What happened and what was said, oldest first; below it the place to write, to propose and to ask for help. */
export function Thread({ each, asking, onAsk, onAsked }: Props) {
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
            <Message key={message!.id} number={each.number} message={message!} />
          ),
        )}
        <div ref={foot} />
      </div>
      <Compose number={each.number} asking={asking} onAsk={onAsk} onAsked={onAsked} />
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

function Message({ number, message }: { number: string; message: MessageView }) {
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
        {message.attachments.map((file) => (
          <a
            key={file.sha256}
            href={`/api/v1/attachments/${file.sha256}`}
            target="_blank"
            rel="noreferrer"
            className="s"
          >
            {file.name}
          </a>
        ))}
        {message.help && <Help number={number} help={message.help} />}
      </div>
    </div>
  )
}

function Help({ number, help }: { number: string; help: HelpView }) {
  const { t } = useWords()
  const departmentName = useDepartmentName()
  const { answer } = useSay(number)
  const [text, setText] = useState("")
  const to = help.to.person?.name ?? departmentName(help.to.department)
  if (help.answer)
    return (
      <p className="case-answer">
        <b>{help.answer.by}</b> {help.answer.text}
      </p>
    )
  if (help.state === "withdrawn") return <p className="t3 s">{t("case.help.withdrawn")}</p>
  return (
    <div className="case-answer">
      <p className="row s">
        <span className="grow t2">{t("case.help.to", { to })}</span>
        {help.clock?.dueAt && <Countdown state={markOf(help.clock)} dueAt={msOf(help.clock.dueAt)} />}
      </p>
      <div className="row">
        <input
          className="grow"
          value={text}
          placeholder={t("case.help.answer")}
          aria-label={t("case.help.answer")}
          onChange={({ target }) => setText(target.value)}
        />
        <Button
          size="small"
          disabled={text.trim() === ""}
          loading={answer.isPending}
          onClick={() => answer.mutate({ id: help.id, text: text.trim() })}
        >
          {t("case.help.send")}
        </Button>
      </div>
    </div>
  )
}

function Compose({
  number,
  asking,
  onAsk,
  onAsked,
}: {
  number: string
  asking: boolean
  onAsk(): void
  onAsked(): void
}) {
  const { t } = useWords()
  const problem = useProblem()
  const { data: departments = [] } = useDepartments()
  const { say, ask } = useSay(number)
  const [text, setText] = useState("")
  const [proposal, setProposal] = useState(false)
  const [to, setTo] = useState<string | null>(null)
  const [files, setFiles] = useState<AttachmentView[]>([])
  const [failed, setFailed] = useState<unknown>(null)
  const field = useRef<HTMLDivElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const write = () => field.current?.querySelector("textarea")?.focus()
  useKeys("case.keys", { c: { does: "case.key.write", act: write } })
  useEffect(() => {
    if (asking) field.current?.querySelector("textarea")?.focus()
  }, [asking])

  const clear = () => {
    setText("")
    setFiles([])
    setProposal(false)
    onAsked()
  }
  const send = () => {
    setFailed(null)
    const onError = (error: unknown) => setFailed(error)
    const words = text.trim()
    if (asking) {
      ask.mutate({ text: words, ...(to ? { department: to } : {}) }, { onSuccess: clear, onError })
      return
    }
    const named = departments.filter(({ name }) => words.includes(`@${name}`)).map(({ id }) => id)
    say.mutate(
      {
        text: words,
        ...(named.length > 0 ? { departments: named } : {}),
        ...(files.length > 0 ? { attachments: files.map(({ sha256 }) => sha256) } : {}),
        ...(proposal ? { proposal } : {}),
      },
      { onSuccess: clear, onError },
    )
  }
  const attach = async (list: FileList | null) => {
    setFailed(null)
    for (const file of list ?? []) {
      const form = new FormData()
      form.append("file", file)
      try {
        const kept = await upload<AttachmentView>("/api/v1/attachments", form)
        setFiles((before) => [...before, kept])
      } catch (error) {
        setFailed(error)
      }
    }
  }
  const busy = say.isPending || ask.isPending
  const ready = text.trim() !== "" && (!asking || to !== null)
  return (
    <div className="case-compose" ref={field}>
      {asking && (
        <p className="row s">
          <LifeBuoy size={14} />
          <span>{t("case.help.whom")}</span>
          <Select
            size="small"
            variant="filled"
            style={{ minWidth: 140 }}
            value={to}
            onChange={setTo}
            options={departments.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <span className="grow" />
          <button type="button" className="link" onClick={onAsked}>
            {t("case.help.stop")}
          </button>
        </p>
      )}
      <Mentions
        variant="borderless"
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={text}
        onChange={setText}
        placeholder={t(asking ? "case.help.what" : "case.thread.write")}
        aria-label={t(asking ? "case.help.what" : "case.thread.write")}
        options={departments.map(({ id, name }) => ({ key: id, value: name, label: name }))}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && ready) send()
        }}
      />
      {files.map(({ sha256, name }) => (
        <span key={sha256} className="tag">
          {name}
        </span>
      ))}
      {failed !== null && <p className="over s">{problem(failed).title}</p>}
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
          aria-label={t("case.thread.attach")}
          title={t("case.thread.attach")}
          onClick={() => picker.current?.click()}
        >
          <Paperclip size={15} />
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept="image/png,image/jpeg,image/webp,image/gif,application/pdf"
          onChange={({ target }) => void attach(target.files)}
        />
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
        <button
          type="button"
          className="icon-button"
          aria-pressed={asking}
          aria-label={t("case.help.ask")}
          title={t("case.help.ask")}
          onClick={asking ? onAsked : onAsk}
        >
          <LifeBuoy size={15} />
        </button>
        <span className="grow" />
        <kbd>c</kbd>
        <Button size="small" disabled={!ready} loading={busy} onClick={send}>
          {t(asking ? "case.help.send" : "case.thread.send")}
        </Button>
      </div>
    </div>
  )
}
