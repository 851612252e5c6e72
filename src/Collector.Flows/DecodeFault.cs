namespace Collector.Flows;

/// <summary>Why a datagram, a Set, a sample or a record could not be used. Each value is a counter per source (<see cref="SourceCounters"/>).</summary>
/// <remarks>The first group loses a whole datagram or what is left of it; the others lose one Set, template or record. Names are what operators read.</remarks>
public enum DecodeFault : byte
{
    /// <summary>No fault.</summary>
    None = 0,

    /// <summary>The datagram is shorter than the header of its protocol.</summary>
    ShortDatagram,

    /// <summary>The first bytes name no protocol that is decoded.</summary>
    UnknownVersion,

    /// <summary>An sFlow agent address of a type that nobody has defined, so where the header goes on is unknown.</summary>
    UnknownAddressType,

    /// <summary>A count in the header is impossible (v5: none or more than 30); what is present was decoded.</summary>
    BadCount,

    /// <summary>A length points beyond the datagram; what came before was decoded.</summary>
    Truncated,

    /// <summary>A Set length below its own header (0 to 3), which ends the datagram.</summary>
    BadSetLength,

    /// <summary>The message length of an IPFIX header is below its header or differs from the datagram; what is complete was decoded.</summary>
    BadMessageLength,

    /// <summary>A data Set for a template that was not announced, nor in time for the Set to be kept until then.</summary>
    MissingTemplate,

    /// <summary>A data Set whose padding is not zero although its template is new or only remembered from before a restart: the layout may be wrong.</summary>
    SuspectTemplate,

    /// <summary>A template that cannot be used: no fields, no length, too many fields, an id below 256.</summary>
    BadTemplate,

    /// <summary>A template beyond the limit per source or in all.</summary>
    TemplateLimit,

    /// <summary>A Set id that is reserved (2 and 3 in v9; 4 to 255).</summary>
    ReservedSet,

    /// <summary>A data record that ends before its fields do, as with a variable length that points beyond the Set.</summary>
    BadRecord,

    /// <summary>A list of structured data (RFC 6313) whose content does not fill it; the record around it is good.</summary>
    BadList,

    /// <summary>A list of structured data by a template that has not been announced.</summary>
    MissingListTemplate,

    /// <summary>An sFlow sample whose length or content does not hold.</summary>
    BadSample,

    /// <summary>An sFlow sample or record, or a piece of a frame, of a format that is not decoded; skipped by its length.</summary>
    UnknownFormat,

    /// <summary>A sampled header that could not be read as its protocol says.</summary>
    BadSampledHeader,

    /// <summary>A name, VRF or sampler in an options record beyond the limit of its table; it stays unknown.</summary>
    OptionsLimit,

    /// <summary>A source or domain beyond the limit: decoded with bounded state, counted under `other`.</summary>
    SourceLimit,

    /// <summary>A datagram of a source that the allow file does not name; it was not looked at.</summary>
    NotAllowed,

    /// <summary>A datagram of a protocol that the configuration does not take, such as sFlow where nfacctd.conf listens; it was not decoded.</summary>
    OtherProtocol,
}
