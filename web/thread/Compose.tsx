import { Button, Mentions, Select } from "antd"
import { AtSign, Camera, LifeBuoy, Lightbulb, Paperclip } from "lucide-react"
import { type ReactNode, useEffect, useRef, useState } from "react"
import { attachmentTypes } from "../../src/core/attachments.ts"
import { useProblem } from "../marks/Blank.tsx"
import { useKeys } from "../shell/keys.ts"
import { useWho } from "../shell/who.tsx"
import { useWords } from "../words/words.ts"
import { Sending, type useFiles } from "./Files.tsx"
import { type Name, namedIn, useNames } from "./naming.ts"
import { type About, useWordsOf } from "./queries.ts"

type Props = {
  of: About
  files: ReturnType<typeof useFiles>
  /** a question for help is being written */
  asking: boolean
  onAsk(asking: boolean): void
}

/** Where one writes to all: with @, files, as a proposal, or as a question to a department or superior. */
export function Compose({ of, files, asking, onAsk }: Props) {
  const { t } = useWords()
  const problem = useProblem()
  const names = useNames()
  const { say, ask } = useWordsOf(of)
  const [text, setText] = useState("")
  const [proposal, setProposal] = useState(false)
  const [to, setTo] = useState<string | null>(null)
  const field = useRef<HTMLDivElement>(null)
  const write = () => field.current?.querySelector("textarea")?.focus()
  useKeys("case.keys", {
    c: { does: "case.key.write", act: write },
    h: { does: "thread.help.ask", act: () => onAsk(true) },
  })
  useEffect(() => {
    if (asking) field.current?.querySelector("textarea")?.focus()
  }, [asking])

  const words = text.trim()
  const kept = files.files.flatMap(({ kept }) => kept ?? [])
  const underWay = files.files.some((each) => each.kept === null && each.refused === null)
  const ready = asking ? words !== "" && to !== null : (words !== "" || kept.length > 0) && !underWay
  const done = () => {
    setText("")
    setProposal(false)
    setTo(null)
    files.clear()
    onAsk(false)
  }
  const send = () => {
    if (!ready) return
    if (asking) return ask.mutate({ text: words, ...whomOf(names, to) }, { onSuccess: done })
    say.mutate(
      { text: words, ...namedIn(words, names), attachments: kept.map(({ sha256 }) => sha256), proposal },
      { onSuccess: done },
    )
  }
  const error = say.error ?? ask.error
  const prompt = t(asking ? "thread.help.what" : "thread.write")
  return (
    <div className="thread-compose" ref={field}>
      {asking && <Whom names={names} value={to} onChange={setTo} onStop={() => onAsk(false)} />}
      <Mentions
        variant="borderless"
        autoSize={{ minRows: 1, maxRows: 8 }}
        value={text}
        onChange={setText}
        placeholder={prompt}
        aria-label={prompt}
        options={names.map((name) => ({
          key: name.person ?? `department ${name.department}`,
          value: name.text,
          label: name.label,
        }))}
        onPaste={({ clipboardData, preventDefault }) => {
          if (asking || clipboardData.files.length === 0) return
          files.add(clipboardData.files)
          preventDefault()
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send()
        }}
      />
      <Sending files={files.files} onRemove={files.remove} />
      {error && (
        <p className="over s" role="alert">
          {problem(error).title} {problem(error).mend}
        </p>
      )}
      <div className="row thread-tools">
        <Tool
          says={t("thread.mention")}
          onPress={() => {
            setText(`${text}@`)
            write()
          }}
        >
          <AtSign size={15} />
        </Tool>
        {!asking && <FileTools onChoose={files.add} />}
        {!asking && (
          <Tool says={t("thread.propose")} pressed={proposal} onPress={() => setProposal(!proposal)}>
            <Lightbulb size={15} />
          </Tool>
        )}
        <Tool says={t("thread.help.ask")} pressed={asking} onPress={() => onAsk(!asking)}>
          <LifeBuoy size={15} />
        </Tool>
        <span className="grow" />
        <kbd>c</kbd>
        <Button size="small" disabled={!ready} loading={say.isPending || ask.isPending} onClick={send}>
          {t(asking ? "thread.help.send" : "thread.send")}
        </Button>
      </div>
    </div>
  )
}

const choiceOf = ({ person, department }: Name): string =>
  person ? `person ${person}` : `department ${department}`

function whomOf(names: readonly Name[], value: string | null): { person?: string; department?: string } {
  const found = names.find((name) => choiceOf(name) === value)
  return found?.person ? { person: found.person } : found?.department ? { department: found.department } : {}
}

/** Whom to ask: a department, or a person such as one's superior. */
function Whom({
  names,
  value,
  onChange,
  onStop,
}: {
  names: readonly Name[]
  value: string | null
  onChange(value: string): void
  onStop(): void
}) {
  const { t } = useWords()
  const { me } = useWho()
  const options = (wanted: (name: Name) => boolean) =>
    names.filter(wanted).map((name) => ({ value: choiceOf(name), label: name.label }))
  return (
    <div className="row s thread-asked">
      <LifeBuoy size={14} />
      <span className="nw">{t("thread.help.whom")}</span>
      <Select
        size="small"
        variant="filled"
        className="thread-whom"
        aria-label={t("thread.help.whom")}
        showSearch={{ optionFilterProp: "label" }}
        value={value}
        onChange={onChange}
        options={[
          {
            label: t("thread.help.departments"),
            options: options(({ department }) => department !== undefined),
          },
          {
            label: t("thread.help.people"),
            options: options(({ person }) => person !== undefined && person !== me.person.id),
          },
        ]}
      />
      <span className="grow" />
      <button type="button" className="link" onClick={onStop}>
        {t("thread.help.stop")}
      </button>
    </div>
  )
}

function FileTools({ onChoose }: { onChoose(files: Iterable<File>): void }) {
  const { t } = useWords()
  const picker = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const take = (input: HTMLInputElement) => {
    onChoose([...(input.files ?? [])])
    input.value = ""
  }
  return (
    <>
      <Tool says={t("thread.attach")} onPress={() => picker.current?.click()}>
        <Paperclip size={15} />
      </Tool>
      <input
        ref={picker}
        type="file"
        hidden
        multiple
        accept={attachmentTypes.join(",")}
        onChange={({ target }) => take(target)}
      />
      <Tool says={t("thread.photo")} onPress={() => camera.current?.click()} className="thread-camera">
        <Camera size={15} />
      </Tool>
      <input
        ref={camera}
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        onChange={({ target }) => take(target)}
      />
    </>
  )
}

function Tool({
  says,
  pressed,
  className = "",
  onPress,
  children,
}: {
  says: string
  pressed?: boolean
  className?: string
  onPress(): void
  children: ReactNode
}) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={says}
      title={says}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      onClick={onPress}
    >
      {children}
    </button>
  )
}
