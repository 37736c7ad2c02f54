"""What a package by E-ARK CSIP must be like: a list of faults. Where MUNIMENT_SCHEMAS names a folder with the schemas
(docs/transfer.md), they are asked too."""

import csv
import hashlib
import io
import os
import pathlib
import posixpath
import re
import subprocess
import xml.etree.ElementTree as xml
import zipfile

import eark_schema

METS = "{http://www.loc.gov/METS/}"
XLINK = "{http://www.w3.org/1999/xlink}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
PREMIS = "{http://www.loc.gov/premis/v3}"
ERMS = "{https://DILCIS.eu/XML/ERMS}"
SCHEMAS = {"METS.xml": (eark_schema.METS, "mets.sip.local.v2-0.xsd"), "premis.xml": (eark_schema.PREMIS, "premis-3.0.xsd"),
           "ERMS.xml": (eark_schema.ERMS, "ERMS.xsd")}


def references(mets, folder=""):
    """Path to (SHA-256, size) of everything that one METS.xml lists."""
    found = {}
    for node in mets.iter(METS + "mdRef"):
        found[folder + node.get(XLINK + "href")] = node, node
    for node in mets.iter(METS + "file"):
        found[folder + node.find(METS + "FLocat").get(XLINK + "href")] = node, node.find(METS + "FLocat")
    return found


class Package:
    def __init__(self, content):
        self.faults = []
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.require(archive.testzip() is None, "the zip file is damaged")
            names = archive.namelist()
            roots = {name.split("/")[0] for name in names}
            self.require(len(roots) == 1, f"more than one folder at the top: {roots}")
            self.id = roots.pop()
            self.files = {name[len(self.id) + 1:]: archive.read(name) for name in names}
        self.mets = xml.fromstring(self.files["METS.xml"])
        self.premis = xml.fromstring(self.files["metadata/preservation/premis.xml"])
        self.erms = xml.fromstring(self.files["metadata/descriptive/ERMS.xml"])

    def require(self, good, fault):
        if not good:
            self.faults.append(fault)

    def check(self):
        self.check_names()
        self.faults += self.structure_faults()
        self.check_schemas()
        self.check_fixity()
        self.check_head(self.mets, self.id)
        self.check_root()
        self.check_identifiers()
        self.check_premis()
        self.check_erms()
        self.check_destroyed()
        return self.faults

    def check_names(self):
        for path in self.files:
            self.require(re.fullmatch(r"[A-Za-z0-9._/-]+", path) and ".." not in path, f"unsafe name {path}")

    def described(self):
        """Path, content, grammar and name of the schema of each file that has one."""
        for path, content in self.files.items():
            if posixpath.basename(path) in SCHEMAS:
                yield path, content, *SCHEMAS[posixpath.basename(path)]

    def structure_faults(self):
        return [f"{path}: {fault}" for path, content, grammar, _ in self.described() for fault in grammar.faults(xml.fromstring(content))]

    def check_schemas(self):
        folder = os.environ.get("MUNIMENT_SCHEMAS")
        for path, content, _, schema in self.described() if folder else ():
            asked = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", pathlib.Path(folder) / schema, "-"],
                                   input=content, capture_output=True)
            self.require(asked.returncode == 0, f"{path}: {asked.stderr.decode()}")

    def check_fixity(self):
        listed = references(self.mets)
        for path in [path for path in listed if path.startswith("representations/")]:
            listed.update(references(xml.fromstring(self.files[path]), posixpath.dirname(path) + "/"))
        for path, (node, location) in listed.items():
            content = self.files.get(path)
            if content is None:
                self.faults.append(f"{path} is missing")
                continue
            self.require(node.get("CHECKSUMTYPE") == "SHA-256", f"{path}: kind of checksum")
            self.require(node.get("CHECKSUM") == hashlib.sha256(content).hexdigest(), f"{path}: checksum")
            self.require(node.get("SIZE") == str(len(content)), f"{path}: size")
            self.require(location.get("LOCTYPE") == "URL", f"{path}: locator")
        self.require(set(listed) == set(self.files) - {"METS.xml"}, f"not listed: {set(self.files) - set(listed)}")

    def check_head(self, mets, name):  # CSIP1 to CSIP16, CSIP117
        self.require(mets.get("OBJID") == name, "OBJID is not the folder's name")
        self.require(mets.get("TYPE") == "Other" and mets.get(CSIP + "OTHERTYPE"), "TYPE")
        head = mets.find(METS + "metsHdr")
        self.require(head.get(CSIP + "OAISPACKAGETYPE") == "SIP", "metsHdr")
        submitters = [agent for agent in head.iter(METS + "agent") if agent.get("OTHERROLE") == "SUBMITTER"]
        self.require(len(submitters) == 1 and submitters[0].get("TYPE") == "ORGANIZATION", "submitter")
        creators = [agent for agent in head.iter(METS + "agent") if agent.get("ROLE") == "CREATOR"]
        self.require(len(creators) == 1 and creators[0].get("OTHERTYPE") == "SOFTWARE", "creator")
        note = creators[0].find(METS + "note")
        self.require(note is not None and note.text and note.get(CSIP + "NOTETYPE") == "SOFTWARE VERSION", "version")

    def check_root(self):  # CSIP17 to CSIP44
        self.require(self.mets.get("PROFILE") == "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml", "PROFILE")
        description = self.mets.find(METS + "dmdSec")
        provenance = self.mets.find(f"{METS}amdSec/{METS}digiprovMD")
        self.require(description.find(METS + "mdRef").get("OTHERMDTYPE") == "ERMS", "dmdSec")
        self.require(provenance.find(METS + "mdRef").get("MDTYPE") == "PREMIS", "amdSec")
        for section in (description, provenance):
            self.require(section.get("STATUS") == "CURRENT", "metadata")
        metadata = self.check_sections("METS.xml", self.mets)["Metadata"]
        self.require(metadata.get("ADMID") and metadata.get("DMDID"), "metadata division")

    def check_sections(self, path, mets):  # CSIP58 to CSIP119, of the package and of each representation alike
        groups = {group.get("USE"): group for group in mets.iter(METS + "fileGrp")}
        self.require({"Documentation", "Schemas"} < set(groups), f"{path}: groups {set(groups)}")
        self.require(any(use.startswith("Representations/") for use in groups), f"{path}: groups {set(groups)}")
        for use, group in groups.items():
            self.require(group.get(CSIP + "CONTENTINFORMATIONTYPE") == "OTHER"
                         and group.get(CSIP + "OTHERCONTENTINFORMATIONTYPE"), f"{path}: group {use}")
        structure = mets.find(METS + "structMap")
        self.require(structure.get("LABEL") == "CSIP" and structure.get("TYPE") == "PHYSICAL", f"{path}: structMap")
        divisions = {div.get("LABEL"): div for div in structure.find(METS + "div")}
        self.require(set(divisions) == {"Metadata", "Documentation", "Schemas", "Representations"}, f"{path}: divisions")
        for label in ("Documentation", "Schemas", "Representations"):
            pointers = {pointer.get("FILEID") for pointer in divisions[label].findall(METS + "fptr")}
            wanted = {group.get("ID") for use, group in groups.items() if use.split("/")[0] == label}
            self.require(pointers == wanted, f"{path}: {label} points to {pointers}")
        for div in divisions["Representations"].findall(METS + "div"):
            pointer = div.find(METS + "mptr")
            self.require(div.get("LABEL").startswith("Representations/"), "label of a representation")
            self.require(pointer is not None and pointer.get(XLINK + "href") in self.files
                         and pointer.get(XLINK + "title") and pointer.get("LOCTYPE") == "URL", "pointer to a representation")
        return divisions

    def check_identifiers(self):
        known = []  # in the whole package
        for path in ["METS.xml"] + [path for path in self.files if path.endswith("/METS.xml")]:
            mets = xml.fromstring(self.files[path])
            identifiers = [node.get("ID") for node in mets.iter() if node.get("ID")]
            known += identifiers
            for node in mets.iter():
                for name in ("FILEID", "ADMID", "DMDID"):
                    for value in (node.get(name) or "").split():
                        self.require(value in identifiers, f"{path}: {name} {value} leads nowhere")
            if path != "METS.xml":
                self.check_head(mets, path.split("/")[1])
                self.check_sections(path, mets)
        self.require(len(known) == len(set(known)), "an ID occurs twice in the package")

    def check_premis(self):
        objects = {}
        for node in self.premis.iter(PREMIS + "object"):
            path = node.find(f"{PREMIS}objectIdentifier/{PREMIS}objectIdentifierValue").text
            objects[path] = node.find(f".//{PREMIS}messageDigest").text, node.find(f".//{PREMIS}size").text
        data = {path for path in self.files if "/data/" in path}
        self.require(set(objects) == data, f"PREMIS has {set(objects)}")
        for path in data & set(objects):
            content = self.files[path]
            self.require(objects[path] == (hashlib.sha256(content).hexdigest(), str(len(content))), f"PREMIS: {path}")
        events = {node.text for node in self.premis.iter(PREMIS + "eventType")}
        self.require({"capture", "fixity check", "information package creation"} <= events, f"events {events}")
        for link in self.premis.iter(PREMIS + "linkingObjectIdentifierValue"):
            self.require(link.text in objects, f"an event tells of {link.text}")

    def check_erms(self):
        for loan in self.erms.iter(ERMS + "loan"):
            self.require(not list(loan.iter(ERMS + "agent")), "who borrowed it is nobody else's business")
        for node in self.erms.iter():  # the Schematron of ERMS
            for name in [name for name, value in node.items() if value in ("other", "own_aggregation_definition")]:
                self.require(node.get("other" + name[0].upper() + name[1:]), f"ERMS: {name} is other than what?")
        described = {node.get("path") for node in self.erms.iter(ERMS + "appendix")}
        files = {path for path in self.files if "/data/" in path} - {"representations/paper/data/paper.csv"}
        self.require(described == files, f"ERMS has {described}")

    def destroyed(self):
        """The list of what was destroyed where the documents come from, by the number of each; None without such a list."""
        content = self.files.get("documentation/destroyed.csv")
        if content is None:
            return None
        return {int(row["document"]): row for row in csv.DictReader(io.StringIO(content.decode()))}

    def check_destroyed(self):
        there = {int(re.match(r"\d+", posixpath.basename(path)).group()) for path in self.files if "/original/data/" in path}
        for number, row in (self.destroyed() or {}).items():
            self.require(number not in there, f"document {number} is destroyed and in the package")
            self.require(row["class"] is not None and re.fullmatch(eark_schema.MOMENT, row["destroyed_at"]), f"destroyed.csv: {row}")
            self.require(None not in row and None not in row.values(), f"destroyed.csv: fields of {number}")
