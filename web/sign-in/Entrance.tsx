import { Button, Form, type FormProps, Input } from "antd"
import { type ReactNode, useEffect } from "react"
import { useProblem } from "../marks/Blank.tsx"
import { Brand } from "../shell/Brand.tsx"
import { LanguageSwitch, ThemeSwitch } from "../shell/Switches.tsx"
import { useWords } from "../words/words.ts"
import "./entrance.css"

/** The frame of every page before sign-in: the mark, one question at a time, nothing else. */
export function Entrance({
  title,
  lead,
  children,
}: {
  title: string
  lead?: ReactNode
  children: ReactNode
}) {
  const { t } = useWords()
  useEffect(() => {
    document.title = `${title} · ${t("shell.product")}`
  }, [title, t])
  return (
    <div className="entrance">
      <header className="row">
        <Brand size={24} />
        <b>{t("shell.product")}</b>
        <span className="grow" />
        <LanguageSwitch />
        <ThemeSwitch />
      </header>
      <main>
        <h1>{title}</h1>
        {lead && <p className="t2">{lead}</p>}
        {children}
      </main>
    </div>
  )
}

type Field = {
  name: string
  label: string
  type?: "email" | "password" | "text"
  hint?: string
  autoComplete?: string
  initial?: string
  code?: boolean
}

type Props<Values extends object> = {
  fields: Field[]
  go: string
  busy: boolean
  error: { title: string; mend: string } | null
  onFinish: (values: Values) => void
}

/** A few fields and one button; what is wrong stands above the button, with how to mend it. */
export function EntranceForm<Values extends object>({ fields, go, busy, error, onFinish }: Props<Values>) {
  const initial = Object.fromEntries(fields.map(({ name, initial }) => [name, initial]))
  return (
    <Form
      layout="vertical"
      requiredMark={false}
      initialValues={initial}
      onFinish={onFinish as NonNullable<FormProps["onFinish"]>}
      size="large"
      className="entrance-form"
    >
      {fields.map(({ name, label, type = "text", hint, autoComplete, code }, i) => (
        <Form.Item
          key={name}
          name={name}
          label={label}
          {...(hint ? { extra: hint } : {})}
          rules={[{ required: true, message: label }]}
        >
          {type === "password" ? (
            <Input.Password autoComplete={autoComplete ?? "new-password"} autoFocus={i === 0} />
          ) : (
            <Input
              type={type}
              autoComplete={autoComplete ?? "off"}
              autoFocus={i === 0}
              inputMode={code ? "numeric" : undefined}
            />
          )}
        </Form.Item>
      ))}
      {error && (
        <div className="entrance-error" role="alert">
          <b>{error.title}</b>
          <span>{error.mend}</span>
        </div>
      )}
      <Button type="primary" size="large" htmlType="submit" loading={busy} block>
        {go}
      </Button>
    </Form>
  )
}

/** An error of a form in words; null while there is none. */
export function useFormError(error: unknown): { title: string; mend: string } | null {
  const problem = useProblem()
  return error ? problem(error) : null
}
