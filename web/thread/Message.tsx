import { Lightbulb } from "lucide-react"
import type { ReactNode } from "react"
import type { MessageView } from "../../src/api/contract/words.ts"
import { useDepartmentName } from "../cases/names.ts"
import { exact, sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Files } from "./Files.tsx"
import { AnswerMark, Help, useAskedName } from "./Help.tsx"
import type { About } from "./queries.ts"

/** When something was said. */
export function At({ at }: { at: string }) {
  const { language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <time className="s t3 nw" title={exact(Date.parse(at), zone)}>
      {sayShort(Date.parse(at), now, { language, zone })}
    </time>
  )
}

/** What somebody said, with its files; a question with its clock, an answer with how it kept it. */
export function Message({ of, message }: { of: About; message: MessageView }) {
  const { t } = useWords()
  const departmentName = useDepartmentName()
  const askedName = useAskedName()
  const name = message.author?.name || message.authorName || t("cases.panel.engine")
  const { help, answers } = message
  return (
    <div className="thread-message" id={help ? `help-${help.id}` : undefined}>
      <span className="avatar" aria-hidden="true">
        {name.slice(0, 1)}
      </span>
      <div className="grow">
        <div className="row">
          <b>{name}</b>
          {message.department && <span className="t3 s">{departmentName(message.department)}</span>}
          {help && <span className="t2 s">{t("thread.help.to", { to: askedName(help) })}</span>}
          {answers && <span className="t2 s">{t("thread.help.answers", { by: answers.byName })}</span>}
          {message.proposal && (
            <span className="tag">
              <Lightbulb size={12} />
              {t("thread.proposal")}
            </span>
          )}
          <span className="grow" />
          <At at={message.at} />
        </div>
        {message.text !== "" && <p>{marked(message, departmentName)}</p>}
        <Files of={of} files={message.attachments} />
        {help && <Help of={of} help={help} />}
        {answers && <AnswerMark help={answers} />}
      </div>
    </div>
  )
}

/** A message's text with those it names made plain to see. */
function marked({ text, mentions }: MessageView, departmentName: (id: string) => string): ReactNode {
  const names = [...mentions.people.map(({ name }) => name), ...mentions.departments.map(departmentName)]
    .filter((name) => name !== "")
    .sort((one, other) => other.length - one.length)
  if (names.length === 0) return text
  const pattern = new RegExp(
    `(@(?:${names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")}))`,
  )
  return text.split(pattern).map((part, i) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change their order
    i % 2 === 1 ? <b key={i}>{part}</b> : part,
  )
}
