namespace Collector.Configuration.Pmacct.Differences;

/// <summary>CSV of the print plugin, and the programs that are started after purges.</summary>
internal static class PrintDifferences
{
    private static readonly HashSet<string> Texts =
    [
        "label", "class", "as_path", "std_comm", "ext_comm", "lrg_comm", "src_as_path", "src_std_comm", "src_ext_comm", "src_lrg_comm",
        "vrf_name", "ingress_vrf_name", "egress_vrf_name", "in_iface_name", "out_iface_name",
    ];

    public static IEnumerable<(PmacctLine? Line, string Sentence)> Of(LinesAndOptions c)
    {
        if (c.Options.Outputs.Any(o => o.Format is OutputFormat.Csv or OutputFormat.EventCsv && o.Aggregate.Any(Texts.Contains)))
        {
            yield return (
                c.Line("print_output"),
                "in CSV a text that holds the separator, such as an AS_SET with its commas, stands in quotation marks (RFC 4180); nfacctd writes it bare, so that the columns behind it move");
        }

        if (c.Line("print_trigger_exec", "kafka_trigger_exec") is { } trigger && trigger.Value.Contains(' ', StringComparison.Ordinal))
        {
            yield return (trigger, "words behind the program are its arguments; nfacctd takes the whole line as the name of the program, and starts nothing");
        }
    }
}
