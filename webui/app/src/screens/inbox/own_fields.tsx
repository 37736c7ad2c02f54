// The organisation's own fields in the inbox's form: those of the type that is chosen there, the required ones first, with
// what was found on the pages for them.
import type { CustomValue, FoundField } from "../../api/types";
import { tLater } from "../../i18n";
import { foundFor, foundText, isPlaced } from "../found_values";
import { FieldControl, FieldHints, fieldLabel } from "../panel/field_control";
import { FoundChoices } from "../panel/found_choices";
import { ownFields } from "./draft";
import type { FormProps } from "./form";
import { LabelledField } from "./labelled_field";
import { Offered, type Offer } from "./offered";

export function OwnFields(props: FormProps) {
  return <>{ownFields(props.ownFields, props.document, props.draft).map((field) => <OwnField key={field.key} {...props} field={field} />)}</>;
}

function OwnField({ field, found, foundOffers, fill, declineFound, pointAt, point }: FormProps & { field: CustomValue }) {
  const label = fieldLabel(field);
  const readOnly = field.closed || field.hidden;
  const choices = readOnly ? [] : foundFor(field, found);
  const offer = foundOffers.find((one) => one.field.key === field.key)?.found;
  const show = () => {
    const source = choices.find(({ value }) => value === field.value) ?? offer;
    if (source && isPlaced(source)) point(source);
    else pointAt(field.shown);
  };
  return (
    <LabelledField label={label}>
      {(id) => (
        <>
          <Offered offer={offer && offered(offer)} offerId={`${id}-offer`} take={() => { if (offer) fill(field, offer.value); }} decline={() => declineFound(field)}>
            <div onFocusCapture={show}>
              <FieldControl id={id} field={field} label={label} readOnly={readOnly} describedBy={offer && `${id}-offer`} save={(value, shown) => fill(field, value ?? "", shown)}
                typed={{ text: field.shown, type: (text) => fill(field, text) }} />
              <FieldHints field={field} />
            </div>
          </Offered>
          {(choices.length > 1 || !offer) && <FoundChoices field={field} found={choices} point={(one) => { if (isPlaced(one)) point(one); }} choose={(value) => fill(field, value)} />}
        </>
      )}
    </LabelledField>
  );
}

function offered(found: FoundField): Offer {
  const text = foundText(found);
  return { text, label: text, reason: tLater().filing.showOnPage(found.page) };
}
