// Descriptions of parts of LibreOffice's window that it makes when it opens a file through LibreOfficeKit, and without
// which it refuses the file. Debian's packages for machines without a screen leave them out. Nobody ever sees these
// parts: what is looked for in them has to be there, that is all.
#pragma once

#include <array>
#include <string_view>

namespace muniment::ingest::office {

struct Layout {
  std::string_view folder;  // below share/config/soffice.cfg
  std::string_view file;
  std::string_view text;
};

inline constexpr std::array kMissingLayouts = {
    // The line in which a cell is edited: any spreadsheet.
    Layout{"modules/scalc/ui", "inputbar.ui", R"(<?xml version="1.0" encoding="UTF-8"?>
<interface domain="sc">
  <object class="GtkBox" id="InputBar">
    <child>
      <object class="GtkBox" id="background">
        <child>
          <object class="GtkScrolledWindow" id="scrolledwindow">
            <child>
              <object class="GtkViewport">
                <child><object class="GtkDrawingArea" id="sc_input_window"/></child>
              </object>
            </child>
          </object>
        </child>
        <child><object class="GtkButton" id="up"/></child>
        <child><object class="GtkButton" id="down"/></child>
      </object>
    </child>
  </object>
</interface>
)"},
    // A comment at the margin: any text that has one.
    Layout{"modules/swriter/ui", "annotation.ui", R"(<?xml version="1.0" encoding="UTF-8"?>
<interface domain="sw">
  <object class="GtkMenu" id="menu">
    <child><object class="GtkMenuItem" id="reply"/></child>
    <child><object class="GtkMenuItem" id="resolve"/></child>
    <child><object class="GtkMenuItem" id="unresolve"/></child>
    <child><object class="GtkMenuItem" id="resolvethread"/></child>
    <child><object class="GtkMenuItem" id="unresolvethread"/></child>
    <child><object class="GtkMenuItem" id="delete"/></child>
    <child><object class="GtkMenuItem" id="deletethread"/></child>
    <child><object class="GtkMenuItem" id="deleteby"/></child>
    <child><object class="GtkMenuItem" id="deleteall"/></child>
    <child><object class="GtkMenuItem" id="formatall"/></child>
  </object>
  <object class="GtkBox" id="Annotation">
    <child>
      <object class="GtkScrolledWindow" id="scrolledwindow">
        <child>
          <object class="GtkViewport">
            <child><object class="GtkDrawingArea" id="editview"/></child>
          </object>
        </child>
      </object>
    </child>
    <child><object class="GtkLabel" id="author"/></child>
    <child><object class="GtkLabel" id="date"/></child>
    <child><object class="GtkLabel" id="resolved"/></child>
    <child>
      <object class="GtkMenuButton" id="menubutton">
        <property name="popup">menu</property>
      </object>
    </child>
  </object>
</interface>
)"},
};

}  // namespace muniment::ingest::office
