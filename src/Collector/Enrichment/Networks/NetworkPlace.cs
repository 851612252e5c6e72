namespace Collector.Enrichment.Networks;

/// <summary>Where the networks of records are resolved.</summary>
internal enum NetworkPlace
{
    /// <summary>No output asks for them.</summary>
    Nowhere,

    /// <summary>With everything else, once for all outputs.</summary>
    Enricher,

    /// <summary>Behind the pre_tag_map that all outputs share, once for all of them.</summary>
    BehindTags,

    /// <summary>Behind the map and the filters of each output, for itself.</summary>
    Outputs,
}
