import { uploadPlace } from "../../state/upload_place";
import { addFiles } from "../../state/uploads";

/** Opens the browser's own dialog for choosing files; several may be chosen. They go where one is now. */
export function chooseFiles(): void {
  const place = uploadPlace.value;
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.className = "visually-hidden";
  input.tabIndex = -1;
  input.setAttribute("aria-hidden", "true");
  input.dataset["files"] = "";
  input.addEventListener("change", () => {
    void addFiles(input.files ?? [], { place });
    input.remove();
  });
  input.addEventListener("cancel", () => input.remove());
  document.body.append(input);
  input.click();
}
