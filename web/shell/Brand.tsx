/** The mark of the product. */
export function Brand({ size = 22 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <circle cx="12" cy="12" r="7.2" fill="none" stroke="var(--onAccent)" strokeWidth="1.6" opacity=".5" />
      <path
        d="M8.4 12.2 11 14.8 16.4 7.6"
        fill="none"
        stroke="var(--onAccent)"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}
