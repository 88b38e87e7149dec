import { Button, DatePicker, Form, Input, Select } from "antd"
import type { Dayjs } from "dayjs"
import { CloudLightning } from "lucide-react"
import { useState } from "react"
import type { WindowKind, WindowView } from "../../src/api/contract/causes.ts"
import { isoOf } from "../../src/core/instants.ts"
import { EmptyState, ErrorState, Skeleton, useProblem } from "../marks/Blank.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { instantPicked } from "../time/picked.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useWindowAct, useWindows } from "./queries.ts"

const kinds: WindowKind[] = ["own_outage", "platform_outage", "weather", "control", "carrier_limit"]

/** Declared outages, force majeure and carriers' limits: what runs now first, each with its proof. */
export function Windows() {
  const { t } = useWords()
  const { may } = useWho()
  const { data, error, refetch } = useWindows()
  const [declaring, setDeclaring] = useState(false)
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton rows={5} />
  return (
    <section>
      <header className="row">
        <h2 className="grow">{t("evidence.windows")}</h2>
        {may("act", "order") && (
          <Button size="small" onClick={() => setDeclaring(!declaring)}>
            {t("evidence.declare")}
          </Button>
        )}
      </header>
      <p className="t2 s">{t("evidence.windowsHint")}</p>
      {declaring && <Declare onDone={() => setDeclaring(false)} />}
      {data.length === 0 && !declaring && (
        <EmptyState icon={CloudLightning} title={t("evidence.noWindows")} />
      )}
      {data.map((each) => (
        <Declared key={each.id} each={each} />
      ))}
    </section>
  )
}

function Declared({ each }: { each: WindowView }) {
  const { t } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const act = useWindowAct()
  const at = (iso: string) => exact(Date.parse(iso), zone)
  const gone = each.withdrawnAt !== null
  return (
    <div className={`row evidence-row${gone ? " gone" : ""}`}>
      <span className="evidence-name">
        <b>{each.name}</b>
        <span className="t3 s"> {t(`evidence.window.${each.kind}`)}</span>
      </span>
      <span className="grow t2 el" title={each.proof}>
        {[each.about, each.regions.join(t("line.and")), each.proof].filter(Boolean).join(" · ")}
      </span>
      <span className="t2 s nw">
        {t("evidence.span", { from: at(each.from), to: each.to ? at(each.to) : t("evidence.lasts") })}
      </span>
      <span className="t3 s nw">
        {gone ? t("evidence.withdrawn", { who: each.withdrawnBy ?? "" }) : each.declaredBy}
      </span>
      {!gone && may("act", "order") && (
        <>
          {each.to === null && (
            <Button size="small" loading={act.isPending} onClick={() => act.mutate({ end: each.id })}>
              {t("evidence.over")}
            </Button>
          )}
          <button type="button" className="link s" onClick={() => act.mutate({ withdraw: each.id })}>
            {t("evidence.withdraw")}
          </button>
        </>
      )}
    </div>
  )
}

type Wish = {
  kind: WindowKind
  name: string
  about?: string
  regions?: string[]
  span: [Dayjs, Dayjs | null]
  proof?: string
}

function Declare({ onDone }: { onDone: () => void }) {
  const { t } = useWords()
  const zone = useZone()
  const act = useWindowAct()
  const problem = useProblem()
  const [form] = Form.useForm<Wish>()
  const kind = Form.useWatch("kind", form) ?? "own_outage"
  const ofRegions = kind === "weather" || kind === "control" || kind === "carrier_limit"
  const declare = ({ span: [from, to], ...wish }: Wish) =>
    act.mutate(
      {
        declare: {
          ...wish,
          proof: wish.proof ?? "",
          from: isoOf(instantPicked(from, zone)),
          to: to ? isoOf(instantPicked(to, zone)) : null,
        },
      },
      { onSuccess: onDone },
    )
  return (
    <Form
      form={form}
      layout="vertical"
      className="evidence-form"
      initialValues={{ kind: "own_outage" }}
      onFinish={declare}
    >
      <Form.Item name="kind" label={t("evidence.form.kind")}>
        <Select options={kinds.map((each) => ({ value: each, label: t(`evidence.window.${each}`) }))} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t(`evidence.form.name.${kind}`)}
        rules={[{ required: true, message: t("evidence.form.needed") }]}
      >
        <Input />
      </Form.Item>
      {kind !== "weather" && kind !== "control" && (
        <Form.Item name="about" label={t(`evidence.form.about.${kind}`)}>
          <Input />
        </Form.Item>
      )}
      {ofRegions && (
        <Form.Item name="regions" label={t("evidence.form.regions")}>
          <Select mode="tags" tokenSeparators={["、", "，", ",", " "]} open={false} />
        </Form.Item>
      )}
      <Form.Item
        name="span"
        label={t("evidence.form.span")}
        rules={[{ required: true, message: t("evidence.form.needed") }]}
      >
        <DatePicker.RangePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          allowEmpty={[false, true]}
        />
      </Form.Item>
      <Form.Item
        name="proof"
        label={t("evidence.form.proof")}
        rules={ofRegions ? [{ required: true, message: t("evidence.form.proofNeeded") }] : []}
      >
        <Input />
      </Form.Item>
      {act.error ? <p className="evidence-error">{problem(act.error).title}</p> : null}
      <Button type="primary" htmlType="submit" loading={act.isPending}>
        {t("evidence.declare")}
      </Button>
    </Form>
  )
}
