// A field of the inbox's form with what is offered for it: Enter and Tab in the empty field take it, Esc turns it down.
import type { ComponentChildren } from "preact";
import { Icon } from "../../components/icon";
import { tLater } from "../../i18n";

export interface Offer {
  text: string;
  label: string; // of the text, for who hears it
  reason: string;
}

export function Offered({ offer, offerId, take, decline, children }: {
  offer: Offer | undefined;
  offerId: string; // by which the field is described
  take: () => void;
  decline: () => void;
  children: ComponentChildren;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    const input = event.target;
    if (!offer || !(input instanceof HTMLInputElement) || input.value !== "" || input.getAttribute("aria-expanded") === "true") return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      decline();
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key === "Enter") event.preventDefault();
    if (event.key === "Enter" || event.key === "Tab") take();
  };
  return (
    <div class="offered" onKeyDown={onKeyDown}>
      {children}
      {offer && (
        <button type="button" id={offerId} class="offer" tabIndex={-1} title={offer.reason} aria-label={tLater().inbox.take(offer.label)}
          onClick={take}><Icon name="spark" size={14} />{offer.text}</button>
      )}
    </div>
  );
}
