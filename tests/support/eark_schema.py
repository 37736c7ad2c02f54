"""What the schemas of METS 1.12, PREMIS 3.0 and ERMS 2.1.2 ask of the elements that packages consist of, in words of our own.

Narrower than the schemas: what no package had so far is a fault until it is written down here. docs/transfer.md says how the
schemas themselves were asked."""

import re

XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
XLINK = "{http://www.w3.org/1999/xlink}"
CSIP = "{https://DILCIS.eu/XML/METS/CSIPExtensionMETS}"
MOMENT = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"
NAME = r"[^\W\d][\w.-]*"  # what an xs:ID is


def one_of(*values):
    return "|".join(re.escape(value) for value in values)


class Grammar:
    """`rules`: a line for each element with its attributes (those with ? may be missing) and, after "=", the elements in it in
    their order, with ?, * or + where their number is not one; #KIND where it has text, and nothing where it is empty. An element
    that is another thing inside of another is PARENT/NAME. `kinds`: the pattern of texts and of attributes' values by name."""

    def __init__(self, namespace, prefixes, kinds, rules):
        self.namespace, self.prefixes, self.kinds, self.rules = namespace, prefixes, kinds, {}
        for line in filter(None, map(str.strip, rules.splitlines())):
            head, _, content = line.partition("=")
            name, *attributes = head.split()
            self.rules[name] = {one.rstrip("?"): not one.endswith("?") for one in attributes}, content.split()

    def faults(self, root):
        found = []
        self.check(root, None, found)
        return found

    def check(self, node, parent, found):
        name = self.plain(node.tag)
        rule = self.rules.get(f"{parent}/{name}") or self.rules.get(name)
        if rule is None:
            found.append(f"{name}: no such element in {parent}")
            return
        self.check_attributes(node, name, rule[0], found)
        self.check_content(node, name, rule[1], found)
        for child in node:
            self.check(child, name, found)

    def plain(self, name):
        for prefix, namespace in {"": self.namespace, **self.prefixes}.items():
            if name.startswith(namespace):
                return prefix + name[len(namespace):]
        return name

    def check_attributes(self, node, name, attributes, found):
        values = {self.plain(one): value for one, value in node.attrib.items()}
        found += [f"{name}: no {one}" for one, needed in attributes.items() if needed and one not in values]
        for one, value in values.items():
            if one not in attributes:
                found.append(f"{name}: no such attribute, {one}")
            elif not re.fullmatch(self.kinds.get(f"{name}@{one}", self.kinds.get("@" + one, r"(?s:.*)")), value):
                found.append(f"{name}: {one} is {value!r}")

    def check_content(self, node, name, content, found):
        text = node.text or ""
        if content and content[0].startswith("#"):
            if len(node) or not re.fullmatch(self.kinds.get(content[0], r"(?s:.*)"), text):
                found.append(f"{name}: its content is {text!r}, with {len(node)} elements")
            return
        if "".join([text, *(child.tail or "" for child in node)]).strip():
            found.append(f"{name}: text between its elements")
        order = "".join(re.sub(r"([^?*+]+)(.?)", r"(?:\1 )\2", one) for one in content)
        children = "".join(self.plain(child.tag) + " " for child in node)
        if not re.fullmatch(order, children):
            found.append(f"{name}: has {children or 'nothing '}in place of {' '.join(content) or 'nothing'}")


_LOCATED = "LOCTYPE xlink:type xlink:href xlink:title?"
_FILE = "MIMETYPE SIZE CREATED CHECKSUM CHECKSUMTYPE"

METS = Grammar(
    "{http://www.loc.gov/METS/}", {"xlink:": XLINK, "csip:": CSIP},
    {
        "@ID": NAME, "@FILEID": NAME, "@DMDID": rf"{NAME}( {NAME})*", "@ADMID": rf"{NAME}( {NAME})*",
        "@CREATEDATE": MOMENT, "@LASTMODDATE": MOMENT, "@CREATED": MOMENT, "@SIZE": r"\d+", "@CHECKSUM": "[0-9a-f]{64}",
        "@CHECKSUMTYPE": one_of("SHA-256", "SHA-384", "SHA-512"), "@xlink:type": "simple", "@xlink:href": r"[\w./-]+",
        "@LOCTYPE": one_of("ARK", "URN", "URL", "PURL", "HANDLE", "DOI", "OTHER"),
        "@MDTYPE": one_of("PREMIS", "EAD", "EAC-CPF", "OTHER"), "@MIMETYPE": r"[\w.+-]+/[\w.+-]+(;.*)?",
        "agent@ROLE": one_of("CREATOR", "EDITOR", "ARCHIVIST", "PRESERVATION", "DISSEMINATOR", "CUSTODIAN", "IPOWNER", "OTHER"),
        "agent@TYPE": one_of("INDIVIDUAL", "ORGANIZATION", "OTHER"),
        "@csip:CONTENTINFORMATIONTYPE": one_of("citserms_v2_1", "MIXED", "OTHER"),
        "@csip:OAISPACKAGETYPE": one_of("SIP", "AIP", "DIP", "AIU", "AIC"),
        "@csip:NOTETYPE": one_of("SOFTWARE VERSION", "IDENTIFICATIONCODE"),
    },
    f"""
    mets OBJID LABEL? TYPE csip:OTHERTYPE? csip:CONTENTINFORMATIONTYPE PROFILE = metsHdr dmdSec* amdSec* fileSec structMap
    metsHdr CREATEDATE LASTMODDATE? RECORDSTATUS? csip:OAISPACKAGETYPE = agent+
    agent ROLE OTHERROLE? TYPE? OTHERTYPE? = name note*
    name = #text
    note csip:NOTETYPE? = #text
    dmdSec ID CREATED STATUS? = mdRef
    amdSec ID = digiprovMD*
    digiprovMD ID CREATED STATUS? = mdRef
    mdRef {_LOCATED} MDTYPE OTHERMDTYPE? {_FILE} =
    fileSec ID = fileGrp+
    fileGrp ID USE csip:CONTENTINFORMATIONTYPE? csip:OTHERCONTENTINFORMATIONTYPE? = file+
    file ID {_FILE} = FLocat
    FLocat {_LOCATED} =
    structMap ID TYPE LABEL = div
    div ID LABEL DMDID? ADMID? = mptr* fptr* div*
    mptr {_LOCATED} =
    fptr FILEID =
    """)

PREMIS = Grammar(
    "{http://www.loc.gov/premis/v3}", {"xsi:": XSI},
    {"premis@version": r"3\.0", "@xsi:type": "file", "#moment": MOMENT + r"|\d{4}-\d\d-\d\d", "#count": r"\d+", "#name": r"(?s:.+)"},
    """
    premis version = object+ event* agent*
    object xsi:type = objectIdentifier+ objectCharacteristics+ originalName? relationship*
    objectIdentifier = objectIdentifierType objectIdentifierValue
    objectIdentifierType = #name
    objectIdentifierValue = #name
    objectCharacteristics = compositionLevel? fixity* size? format+
    compositionLevel = #count
    fixity = messageDigestAlgorithm messageDigest
    messageDigestAlgorithm = #name
    messageDigest = #name
    size = #count
    format = formatDesignation
    formatDesignation = formatName
    formatName = #name
    originalName = #name
    relationship = relationshipType relationshipSubType relatedObjectIdentifier+
    relationshipType = #name
    relationshipSubType = #name
    relatedObjectIdentifier = relatedObjectIdentifierType relatedObjectIdentifierValue
    relatedObjectIdentifierType = #name
    relatedObjectIdentifierValue = #name
    event = eventIdentifier eventType eventDateTime eventDetailInformation* eventOutcomeInformation* \
linkingAgentIdentifier* linkingObjectIdentifier*
    eventIdentifier = eventIdentifierType eventIdentifierValue
    eventIdentifierType = #name
    eventIdentifierValue = #name
    eventType = #name
    eventDateTime = #moment
    eventDetailInformation = eventDetail?
    eventDetail = #name
    eventOutcomeInformation = eventOutcome
    eventOutcome = #name
    linkingAgentIdentifier = linkingAgentIdentifierType linkingAgentIdentifierValue
    linkingAgentIdentifierType = #name
    linkingAgentIdentifierValue = #name
    linkingObjectIdentifier = linkingObjectIdentifierType linkingObjectIdentifierValue
    linkingObjectIdentifierType = #name
    linkingObjectIdentifierValue = #name
    agent = agentIdentifier+ agentName* agentType? agentVersion?
    agentIdentifier = agentIdentifierType agentIdentifierValue
    agentIdentifierType = #name
    agentIdentifierValue = #name
    agentName = #name
    agentType = #name
    agentVersion = #name
    """)

ERMS = Grammar(
    "{https://DILCIS.eu/XML/ERMS}", {},
    {
        "#moment": MOMENT, "@noteDate": MOMENT, "@disposable": "true|false",
        # Spelt as the schema spells them.
        "@recordPhysicalOrDigital": one_of("physical", "digitial", "physcical_and_digital", "does_not_apply"),
        "@aggregationType": one_of("caseFile", "class", "own_aggregation_definition"),
        "@agentType": one_of("counterpart", "other"), "status@value": one_of("open", "closed"),
        "maintenanceStatus@value": "created", "eventType@value": "created",
        "date@dateType": one_of("created", "captured", "opened", "closed", "loan", "other"),
        "disposalDate@dateType": "retention_period_end",
    },
    """
    erms = control aggregations
    control = identification+ maintenanceInformation
    identification identificationType = #text
    maintenanceInformation = maintenanceStatus maintenanceAgency maintenanceHistory
    maintenanceStatus value =
    maintenanceAgency = agencyName+
    agencyName = #text
    maintenanceHistory = maintenanceEvent+
    maintenanceEvent = eventType eventDateTime agent
    eventType value =
    eventDateTime = #moment
    agent agentType otherAgentType? = name
    name = #text
    aggregations = aggregation+
    aggregation systemIdentifier aggregationType otherAggregationType? = objectId classification* title? status? dates? record*
    objectId = #text
    classification classificationCode? = #text
    title = #text
    status value =
    dates = date+
    date dateType otherDateType? = #moment
    record systemIdentifier recordType? recordPhysicalOrDigital? = objectId extraId* classification? parentAggregationId? \
keywords? title? loan* disposal? agents? dates? physicalLocations? notes? additionalInformation?
    extraId extraIdType = #text
    parentAggregationId = #text
    keywords = keyword+
    keyword = #text
    loan = dates?
    disposal disposable = disposalScheduleId? disposalAction? disposalPeriod? disposalMandate? dates
    disposalScheduleId = #text
    disposalAction = #text
    disposalPeriod = #text
    disposalMandate = #text
    disposal/dates = disposalDate+
    disposalDate dateType = #moment
    agents = agent*
    physicalLocations = physicalLocation+
    physicalLocation = currentLocation? homeLocation*
    currentLocation = #text
    homeLocation = #text
    notes = note*
    note noteDate? = #text
    additionalInformation = appendix* ownElement*
    appendix name description? fileFormat? path =
    additionalInformation/ownElement = ownElement*
    ownElement name = value? ownElement*
    value = #text
    """)
