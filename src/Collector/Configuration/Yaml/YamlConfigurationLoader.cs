namespace Collector.Configuration.Yaml;

/// <summary>Reads collector.yaml. Every error of the file is found at once; keys that are absent keep the defaults of the records.</summary>
public static class YamlConfigurationLoader
{
    /// <summary>Reads the configuration from text.</summary>
    /// <param name="text">The file's contents.</param>
    /// <param name="findings">Takes everything found; names the file.</param>
    /// <returns>The options; meaningful only when the findings have no error.</returns>
    public static CollectorOptions Load(TextReader text, Findings findings)
    {
        if (YamlTree.Read(text, findings) is not { } tree)
        {
            return new CollectorOptions();
        }

        if (tree is not YamlMapping root)
        {
            findings.Error(tree.Line, "the file must hold keys with values, such as renormalize: true");
            return new CollectorOptions();
        }

        RootOptions options = RootKeys.All.Apply(new RootOptions(), root, "", k => OutputKeys.Output.Contains(k) ? "in an output, below outputs:" : null, findings);
        options = options with { Text = options.Text with { Pmacct17 = options.Collector.Pmacct17 } };
        CollectorOptions collector = options.Collector with { Log = options.Collector.Log with { Utc = options.Text.Utc } };
        BgpOutputOptions bgpOutputs = (collector.Bgp.Outputs with { ProcessName = collector.PmacctCoreName ?? "default" }).Resolve(options.Kafka, options.Text, collector.Enrichment.NumericCommunities);
        SFlowCounterOptions counters = options.Counters.Resolve(options.Kafka, options.Text);
        foreach (OutputFault fault in SFlowCounterRules.Check(counters))
        {
            findings.Error(LineOf("sflow_counters." + fault.Key, root) ?? root.Line, $"sflow_counters.{fault.Key}: {fault.Text}");
        }

        CollectorOptions result = collector with { Bgp = collector.Bgp with { Outputs = bgpOutputs }, SFlowCounters = counters, Outputs = Outputs(options, root, findings) };
        foreach (OutputFault fault in EnrichmentRules.Check(result))
        {
            findings.Error(LineOf(fault.Key, root) ?? 0, $"{fault.Key}: {fault.Text}");
        }

        foreach ((int output, OutputFault fault) in EnrichmentRules.CheckOutputs(result))
        {
            int line = (options.Outputs?.Node as YamlSequence)?.Items[output] is YamlMapping section ? LineOf($"networks.{fault.Key}", section) ?? section.Line : 0;
            findings.Error(line, $"outputs[{output}].networks.{fault.Key}: {fault.Text}");
        }

        for (int i = 0; i < result.Outputs.Count; i++)
        {
            if (OutputRules.IdleProRating(result.Outputs[i], result.TimeNew) is { } idle)
            {
                findings.Warning(0, $"outputs[{i}]: {idle}");
            }
        }

        return result;
    }

    private static IReadOnlyList<OutputOptions> Outputs(RootOptions root, YamlMapping top, Findings findings)
    {
        if (root.Outputs is not { } outputs)
        {
            return [(OutputOptions.BuiltIn with { Text = root.Text }).Settled()];
        }

        if (outputs.Node is not YamlSequence { Items.Count: > 0 } list)
        {
            outputs.Refuse("a list of outputs, each beginning with - name:");
            return [];
        }

        var result = new List<OutputOptions>();
        var rules = NetworkRules.Of(root.Collector);
        for (int i = 0; i < list.Items.Count; i++)
        {
            string path = $"outputs[{i}]";
            if (list.Items[i] is not YamlMapping section)
            {
                new YamlValue(list.Items[i], path, list.Items[i].Line, findings).Refuse("the keys of an output, beginning with name:");
                continue;
            }

            var start = new OutputOptions { Name = "", Text = root.Text, File = root.File, Kafka = root.Kafka, CustomPrimitives = root.Collector.CustomPrimitives, Networks = rules };
            OutputOptions output = OutputKeys.Output.Apply(start, section, path, k => RootKeys.All.Contains(k) ? "at the root of the file" : null, findings);
            Check(output, section, path, result, findings);
            foreach (OutputFault fault in OutputRules.Check(output))
            {
                findings.Error(LineOf(fault.Key, section) ?? LineOf(fault.Key, top) ?? section.Line, $"{path}: {fault.Text}");
            }

            result.Add((output with { Networks = output.Networks == rules ? null : output.Networks }).Settled());
        }

        return result;
    }

    private static void Check(OutputOptions output, YamlMapping section, string path, List<OutputOptions> before, Findings findings)
    {
        int line = section.Line;
        if (!section.Pairs.Any(p => p.Key == "name"))
        {
            findings.Error(line, $"{path} has no name; write name: and a word of your own");
        }
        else if (output.Name.Length > 0 && before.Exists(o => o.Name == output.Name))
        {
            findings.Error(line, $"{path}: another output is called '{output.Name}' too; give it a name of its own");
        }

        foreach ((string key, OutputKind kind) in new[] { ("file", OutputKind.File), ("kafka", OutputKind.Kafka) })
        {
            if (output.Kind != kind && section.Pairs.FirstOrDefault(p => p.Key == key) is { } pair)
            {
                findings.Error(pair.Line, $"{path}.{key} has no effect on an output of type {output.Kind.ToString().ToLowerInvariant()}; write type: {key}, or remove it");
            }
        }
    }

    /// <summary>The line of a key such as kafka.topic, or of the innermost section around it.</summary>
    private static int? LineOf(string key, YamlMapping section)
    {
        string[] parts = key.Split('.', 2);
        YamlPair? pair = section.Pairs.FirstOrDefault(p => p.Key == key || p.Key == parts[0]);
        return pair?.Value is YamlMapping inner && parts.Length > 1 ? LineOf(parts[1], inner) ?? pair.Line : pair?.Line;
    }
}
